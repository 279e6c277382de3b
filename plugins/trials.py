"""A commune under rules that nobody has decided yet, to see what they would change."""

import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from plugins.commune import Commune
from plugins.consistency import check_commune
from plugins.loading import loading
from plugins.signatures import PluginError

FILE = ".py"


def on_trial(commune: Commune, rules: str) -> Commune:
    """The commune with other rules in front of its own: ``rules`` is a module to import, or the path of a .py file.

    Raises :class:`PluginError` when they cannot be loaded, answer nothing, or contradict the rest of the commune.
    """
    tried = commune.trying(_from_file(Path(rules)) if rules.endswith(FILE) else _imported(rules))
    check_commune(tried)
    return tried


def _imported(name: str) -> ModuleType:
    remedy = f"write the name of a module as Python imports it, or the path of a {FILE} file."
    with loading(f"The module {name!r}", name, missing=remedy):
        return import_module(name)


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise PluginError(f"There is no file {str(path)!r}: write the path of a {FILE} file, or the name of a module.")
    name = f"trial_of_{path.stem}"  # never the name of a module that exists: « calendar.py » stays importable
    spec = spec_from_file_location(name, path.resolve())
    if spec is None or spec.loader is None:
        raise PluginError(f"The file {str(path)!r} is not a module of Python: write the path of a {FILE} file.")
    module = module_from_spec(spec)
    sys.modules[name] = module
    with loading(f"The file {str(path)!r}", name, missing="write it again."):
        spec.loader.exec_module(module)
    return module
