"""What every short text of a rule must be: printable, on one line, well formed."""

import re

from plugins.rules.errors import RuleError

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAILBOX = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\".]+(\.[^@\s<>,;:\".]+)+")


def require_code(value: str, what: str) -> None:
    """Refuse a code that is not lower-case words joined by dashes, 40 characters at most (it travels in URLs)."""
    if len(value) > 40 or not _CODE.fullmatch(value):
        raise RuleError(f"{what} {value!r}: write 1 to 40 lower-case letters and digits, words joined by « - ».")


def is_printable(text: str) -> bool:
    """True when every character can be printed on one line; the no-break spaces of French typography can."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").isprintable()


def one_line(text: str) -> str:
    """The text on one line: what cannot be printed becomes a space, and runs of spaces become one."""
    printable = "".join(letter if is_printable(letter) else " " for letter in text)
    return " ".join(word for word in printable.split(" ") if word)


def require_line(value: str, what: str) -> None:
    """Refuse a text that is blank, padded, or holds a line break or another control character."""
    if not value or value != value.strip() or not is_printable(value):
        raise RuleError(f"{what} {value!r}: write one printable line, without spaces around it.")


def require_text(value: str, what: str) -> None:
    """Refuse a text of several lines that is blank or holds a control character other than a line break."""
    if not value.strip() or not is_printable(value.replace("\n", "")):
        raise RuleError(f"{what} {value[:60]!r}: write printable text; only line breaks may separate its lines.")


def require_mailbox(value: str, what: str) -> None:
    """Refuse what cannot be a bare e-mail address such as ``enfance@commune.fr``."""
    if len(value) > 254 or not value.isprintable() or not _MAILBOX.fullmatch(value):
        raise RuleError(f"{what} {value!r}: write a bare e-mail address such as enfance@commune.fr.")


def require_unique(values: tuple[str, ...], what: str) -> None:
    """Refuse the same code twice in one list."""
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise RuleError(f"{what}: {', '.join(repeated)} appears more than once; keep each code once.")
