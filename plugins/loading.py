"""Bringing a module of rules in: what fails while it loads is told with its file and its line."""

from collections.abc import Iterator
from contextlib import contextmanager

from plugins.blame import location, raised_at, say_error
from plugins.signatures import PluginError


@contextmanager
def loading(what: str, module: str, *, missing: str) -> Iterator[None]:
    """Load ``module`` inside the block; raises :class:`PluginError` with the line to correct.

    ``what`` names it in the sentence, and ``missing`` is the remedy when none of its lines ever ran.
    """
    failed = f"{what} cannot be loaded"
    try:
        yield
    except SyntaxError as error:
        line = location(error.filename or module, error.lineno or 1)
        raise PluginError(f"{line}: {failed}: {error.msg}; correct this line.") from error
    except Exception as error:
        reached = raised_at(error, module)
        if reached is None:
            raise PluginError(f"{failed} from {module!r} ({error}): {missing}") from error
        raise PluginError(f"{reached}: {failed}: {say_error(error)}") from error
