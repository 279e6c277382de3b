"""Texts as the fonts of documents can draw them."""

import re
import unicodedata

# The blocks that the fonts inside typst can draw; PDF/UA refuses a document with one missing glyph.
_DRAWABLE = re.compile("[\u0020-\u04ff\u1e00-\u1eff\u2010-\u2027\u202f-\u203a\u20a0-\u20bf]")
_LINE_END = re.compile(r"[\t\r\n\v\f\u0085\u2028\u2029]+")
_LONG_WORD = re.compile(r"\S{30,}")


def printable(value: object) -> object:
    """The same JSON value with every text made drawable on one line, and breakable."""
    if isinstance(value, str):
        one_line = _LINE_END.sub(" ", unicodedata.normalize("NFC", value))
        return _LONG_WORD.sub(_breakable, "".join(char if _is_drawable(char) else "?" for char in one_line))
    if isinstance(value, dict):
        return {key: printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [printable(inner) for inner in value]
    return value


def _is_drawable(char: str) -> bool:
    # Category C: control, direction override, lone surrogate, unassigned.
    return _DRAWABLE.fullmatch(char) is not None and not unicodedata.category(char).startswith("C")


def _breakable(word: re.Match[str]) -> str:
    """A word too long for a column, with a zero-width space every ten characters."""
    return re.sub(".{10}", "\\g<0>\u200b", word[0])
