"""What a rule is made of: the values inside a value, however deep."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass


def parts_of(value: object) -> Iterator[object]:
    """A value of the rules, then all the values it is made of, those of its mappings included."""
    yield value
    for part in _inner(value):
        yield from parts_of(part)


def _inner(value: object) -> Iterable[object]:
    if is_dataclass(value) and not isinstance(value, type):
        return (getattr(value, one.name) for one in fields(value))
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, tuple | frozenset) else ()
