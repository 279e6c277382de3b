"""The communes of this installation: those of the tree, and those that other packages bring by entry point."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points

from plugins.commune import Commune
from plugins.consistency import check_commune
from plugins.loading import loading
from plugins.signatures import PluginError

__all__ = ["ENTRY_POINTS", "IN_TREE", "Commune", "Communes", "PluginError", "installed_slugs", "plugin_of"]

IN_TREE = ("chailles", "chavagne", "epagny", "melle", "mesnil")
"""The folders of ``plugins`` that are communes; each is imported when asked for, so that a broken one is named."""

ENTRY_POINTS = "portail.communes"


class Communes(Mapping[str, Commune]):
    """Every commune by slug, read-only. Raises :class:`PluginError` when one of them contradicts itself."""

    def __init__(self, communes: Iterable[Commune]) -> None:
        self._by_slug: dict[str, Commune] = {}
        self._by_host: dict[str, Commune] = {}
        for commune in communes:
            check_commune(commune)
            self._add(commune)

    @classmethod
    def installed(cls, only: Iterable[str] | None = None) -> "Communes":
        """The communes of the tree and of the entry points, or only the named ones; an unknown name is refused."""
        wanted = installed_slugs() if only is None else list(dict.fromkeys(only))
        plugins = [(slug, plugin_of(slug)) for slug in wanted]
        return cls(Commune(slug, plugin) for slug, plugin in plugins)

    def by_host(self, host: str) -> Commune | None:
        """The commune that answers to a host name (port and case do not matter), or None."""
        return self._by_host.get(host.partition(":")[0].lower())

    def __getitem__(self, slug: str) -> Commune:
        return self._by_slug[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_slug)

    def __len__(self) -> int:
        return len(self._by_slug)

    def _add(self, commune: Commune) -> None:
        if commune.slug in self._by_slug:
            raise PluginError(f"Two communes claim the slug {commune.slug!r}: give one of them another.")
        self._by_slug[commune.slug] = commune
        for host in commune.identity.hosts:
            other = self._by_host.setdefault(host, commune)
            if other is not commune:
                raise PluginError(f"{other.slug} and {commune.slug} both claim the host {host!r}: keep it in one.")


def installed_slugs() -> list[str]:
    """The slug of every commune of this installation, in alphabetical order; nothing is loaded."""
    return sorted(_claims())


def plugin_of(slug: str) -> object:
    """The plugin of a commune, loaded and not checked yet.

    Raises :class:`PluginError` for an unknown slug, and for a plugin that cannot be imported: the file and the line.
    """
    claims = _claims()
    if slug not in claims:
        raise PluginError(f"No commune is called {slug!r}: the installed ones are {', '.join(sorted(claims))}.")
    return _load(claims[slug])


def _claims() -> dict[str, EntryPoint]:
    """Who claims each slug; two claims to one slug are refused before anything is loaded."""
    claims = {slug: EntryPoint(slug, f"plugins.{slug}", ENTRY_POINTS) for slug in IN_TREE}
    for entry in entry_points(group=ENTRY_POINTS):
        if entry.name in claims:
            raise PluginError(f"The commune {entry.name!r} is claimed again by {entry.value!r}: remove one of the two.")
        claims[entry.name] = entry
    return claims


def _load(claim: EntryPoint) -> object:
    with loading(f"The commune {claim.name!r}", claim.module, missing="reinstall its package."):
        return claim.load()
