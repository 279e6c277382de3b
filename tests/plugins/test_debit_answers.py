"""What banks answer to collections: codes in words, and how many rejects count."""

import pytest

from plugins.rules.debit_answers import BankWord, count_rejects, say_reject
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.errors import RuleError

TOTAL = DirectDebitPolicy(True, 2)
IN_A_ROW = DirectDebitPolicy(True, 2, consecutive=True)
SOME_IN_A_ROW = DirectDebitPolicy(True, 2, consecutive=True, counted_rejects=frozenset({"AM04"}))


def test_a_reject_is_said_in_words_with_its_code() -> None:
    assert say_reject("AM04") == "provision insuffisante (AM04)"
    assert say_reject("ZZ99") == "motif ZZ99"


def test_a_word_of_the_bank_says_itself_without_what_was_received() -> None:
    bounced = BankWord("SDD-20261204-001-00001", "AM04", 7_50, raw="<IBAN>FR76</IBAN>")
    assert bounced.say() == "SDD-20261204-001-00001 : provision insuffisante (AM04)"
    assert repr(bounced) == "BankWord(SDD-20261204-001-00001, AM04)"
    assert bounced.identity == "SDD-20261204-001-00001:AM04:750"
    collected = BankWord("SDD-20261204-001-00001", "")
    assert (collected.say(), collected.is_reject) == ("SDD-20261204-001-00001 : prélevé", False)
    assert collected.identity == "SDD-20261204-001-00001::"


@pytest.mark.parametrize(("reference", "code"), [("", "AM04"), ("x" * 36, "AM04"), ("a\nb", "AM04"), ("a", "AM 04")])
def test_what_names_no_collection_or_no_code_is_refused(reference: str, code: str) -> None:
    with pytest.raises(RuleError):
        BankWord(reference, code)


@pytest.mark.parametrize(
    ("policy", "before", "latest", "counted"),
    [
        (TOTAL, 0, ["AM04"], 1),
        (TOTAL, 1, ["AM04", "", "AM04"], 2),
        (IN_A_ROW, 0, ["AM04"], 1),
        (IN_A_ROW, 1, ["AM04", "", "AM04"], 1),
        (IN_A_ROW, 1, ["AM04", "AM04", ""], 2),
        (IN_A_ROW, 0, ["AM04", "AM04", "AM04"], 1),  # resumed since: the earlier ones are forgiven
        (SOME_IN_A_ROW, 1, ["AM04", "FF01", "AM04"], 2),
    ],
)
def test_rejects_count_in_all_or_in_a_row(
    policy: DirectDebitPolicy, before: int, latest: list[str], counted: int
) -> None:
    assert count_rejects(policy, before, latest) == counted
