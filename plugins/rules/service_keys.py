"""A « clé enfance »: what an agent dictates on the telephone and a family types, such as « 4072-KRX-815 »."""

from collections.abc import Callable

DIGITS = "0123456789"
LETTERS = "HJKLMRTWXYZ"
"""Letters that one hears and reads as themselves in French: no B, C, D, G, P, V beside T, no F, S, N, no O, I, Q, U."""

_GROUPS = ((DIGITS,) * 4, (LETTERS,) * 3, (DIGITS,) * 3)


def draw_key(choose: Callable[[str], str]) -> str:
    """A new key; ``choose`` picks one character of a text at random."""
    return "-".join("".join(choose(among) for among in group) for group in _GROUPS)


def read_key(typed: str) -> str | None:
    """The key somebody typed, with or without its dashes, in any case; None when it has not the shape of one."""
    bare = "".join(letter for letter in typed.upper() if letter not in "-– \u00a0")
    shape = [among for group in _GROUPS for among in group]
    if len(bare) != len(shape) or any(letter not in among for letter, among in zip(bare, shape, strict=True)):
        return None
    return f"{bare[:4]}-{bare[4:7]}-{bare[7:]}"
