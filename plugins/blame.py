"""Where a plugin went wrong: the file and the line that its author has to correct."""

from pathlib import Path
from traceback import walk_tb

from plugins.rules.errors import RuleError


def location(filename: str, line: int) -> str:
    """A line of a file, short enough to be read in a sentence: « plugins/melle/prices.py:12 »."""
    return f"{'/'.join(Path(filename).parts[-3:])}:{line}"


def raised_at(error: BaseException, package: str) -> str | None:
    """The line of a package that an error comes through, the nearest to the error; None when it never ran.

    What the rules refuse is raised in ``plugins.rules``: the line to correct is the one that called them.
    """
    lines = [
        location(frame.f_code.co_filename, line)
        for frame, line in walk_tb(error.__traceback__)
        if _is_in(frame.f_globals.get("__name__", ""), package)
    ]
    return lines[-1] if lines else None


def say_error(error: BaseException) -> str:
    """What is wrong: a rule says it in a sentence, any other error is named and has no remedy but the line itself."""
    return str(error) if isinstance(error, RuleError) else f"{type(error).__name__}: {error}; correct this line."


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
