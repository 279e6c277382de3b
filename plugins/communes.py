"""The communes of this installation: those of the tree, and those that other packages bring by entry point."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from plugins import chailles, chavagne, epagny, melle, mesnil
from plugins.commune import Commune
from plugins.consistency import check_commune
from plugins.signatures import PluginError

__all__ = ["ENTRY_POINTS", "IN_TREE", "Commune", "Communes", "PluginError"]

IN_TREE = (chailles, chavagne, epagny, melle, mesnil)
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
        found = _claims()
        wanted = sorted(found) if only is None else list(dict.fromkeys(only))
        unknown = [slug for slug in wanted if slug not in found]
        if unknown:
            raise PluginError(
                f"No commune is called {unknown[0]!r}: the installed ones are {', '.join(sorted(found))}."
            )
        return cls(Commune(slug, _load(found[slug])) for slug in wanted)

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


def _claims() -> dict[str, ModuleType | EntryPoint]:
    """Who claims each slug; two claims to one slug are refused before anything is loaded."""
    claims: dict[str, ModuleType | EntryPoint] = {module.__name__.rpartition(".")[2]: module for module in IN_TREE}
    for entry in entry_points(group=ENTRY_POINTS):
        if entry.name in claims:
            raise PluginError(f"The commune {entry.name!r} is claimed again by {entry.value!r}: remove one of the two.")
        claims[entry.name] = entry
    return claims


def _load(claim: ModuleType | EntryPoint) -> object:
    if isinstance(claim, ModuleType):
        return claim
    try:
        return claim.load()
    except (ImportError, AttributeError) as error:
        raise PluginError(
            f"The commune {claim.name!r} cannot be loaded from {claim.value!r} ({error}): reinstall its package."
        ) from error
