"""Values of the rules never change once they are built, whatever they were built with."""

from collections.abc import Set

from plugins.rules.errors import RuleError


def freeze(value: object, *names: str) -> None:
    """Keep these fields of a frozen dataclass as frozensets and tuples, where its author wrote sets and lists.

    For the first line of a ``__post_init__``. Raises :class:`RuleError` for a text, whose letters nobody means.
    """
    for name in names:
        match getattr(value, name):
            case frozenset() | tuple():
                pass
            case str() as text:
                raise RuleError(f"{type(value).__name__}({name}={text!r}): write several, between brackets")
            case Set() as written:
                object.__setattr__(value, name, frozenset(written))
            case list() as written:
                object.__setattr__(value, name, tuple(written))
