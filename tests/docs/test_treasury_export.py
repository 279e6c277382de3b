"""« Write a file for the treasury » is run as it is written, in front of a commune's own answers."""

from types import SimpleNamespace
from typing import Any

from plugins import hookspecs
from plugins.communes import Communes
from plugins.consistency import check_commune
from tests.docs.markdown import BY_NAME

PAGE = BY_NAME["docs/how-to/write-a-treasury-export.md"]


def test_the_page_writes_an_export_that_the_portal_accepts_and_tests_it() -> None:
    written: dict[str, Any] = {}
    for block in PAGE.blocks("python"):
        exec(block.text, written)  # what the reader writes in two files
    written["test_a_payment_is_a_line_of_forty_columns"]()
    commune = Communes.installed(["chavagne"])["chavagne"]
    trying = commune.trying(SimpleNamespace(treasury_exports=written["treasury_exports"]))
    check_commune(trying)
    codes = [export.code for export in trying.gather(hookspecs.treasury_exports)]
    assert codes == ["journal", "etat-d-encaissement", "recettes"]
