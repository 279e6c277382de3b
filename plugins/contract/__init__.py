"""The contract every commune keeps, as a pytest plugin for the packages that bring one.

From the portal's checkout, with the package installed::

    python -m pytest -p plugins.contract --commune villeneuve path/to/the/package

The promises (``plugins.contract.promises``) are collected before the package's own tests, once per ``--commune``.
Nothing of this is imported when the portal runs.
"""

from pathlib import Path

import pytest

from plugins.communes import Commune, Communes
from plugins.signatures import PluginError

pytest.register_assert_rewrite("plugins.contract.promises")

PROMISES = Path(__file__).with_name("promises.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--commune SLUG``, as many times as there are communes to hold to the contract."""
    parser.addoption("--commune", action="append", default=[], metavar="SLUG", help="hold this commune to the contract")


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the promises for every commune named on the command line."""
    if config.getoption("--commune"):
        promises = pytest.Module.from_parent(session, path=PROMISES)
        items[:0] = [item for item in session.genitems(promises) if isinstance(item, pytest.Item)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A promise that takes ``commune`` is made once by each of them."""
    if "commune" in metafunc.fixturenames:
        metafunc.parametrize("commune", metafunc.config.getoption("--commune"), indirect=True, scope="session")


@pytest.fixture(scope="session")
def commune(request: pytest.FixtureRequest) -> Commune:
    """A commune held to the contract, as the portal would start it."""
    try:
        return Communes.installed([request.param])[request.param]
    except PluginError as error:
        pytest.fail(str(error), pytrace=False)
