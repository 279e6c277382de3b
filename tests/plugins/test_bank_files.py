"""How collections are sent to a bank: names, references and letters that every bank reads."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from plugins.rules.bank_files import BankFile, TreasuryAccount, sepa_text
from plugins.rules.errors import RuleError

TREASURY = TreasuryAccount(
    office="SGC de Redon",
    post="035031",
    service="ENF",
    siret="21350070600011",
    holder="Régie enfance de Chavagne",
    iban="FR923000100682C355000000084",
)
PLAIN, DFT = BankFile(), BankFile("pain.008.001.02", TREASURY)


def test_a_file_and_its_collections_are_named_after_the_day_and_their_rank() -> None:
    day = date(2026, 12, 5)
    assert PLAIN.message_id(day, 1) == "SDD-20261205-001"
    assert PLAIN.end_to_end_id("SDD-20261205-001", 12) == "SDD-20261205-001-00012"
    assert DFT.message_id(day, 7) == "ENF-DFT-SDD-26339-007"
    assert DFT.end_to_end_id("ENF-DFT-SDD-26339-007", 12) == "1D03503102633900700012"
    with pytest.raises(RuleError, match="File 1000 of a day"):
        PLAIN.message_id(day, 1000)


def test_a_bank_file_says_itself() -> None:
    assert PLAIN.say() == "fichier pain.008.001.08"
    told = "fichier pain.008.001.02 pour un compte de dépôt de fonds au Trésor (SGC de Redon, poste 035031)"
    assert DFT.say() == told


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("Commune d'Épagny Metz-Tessy", "Commune d'Epagny Metz-Tessy"),
        ("Mme Zoé Œuvrard & fils « SARL »", "Mme Zoe OEuvrard fils SARL"),
        ("Facture n° 2026-ENF-000123 – novembre", "Facture no 2026-ENF-000123 - novembre"),
        ("//CRDT//a//b/", "CRDT/a/b"),
        ("l’école\n<b>*", "l'ecole b"),
        ("Иван", ""),
        ("x" * 200, "x" * 70),
        ("y" * 69 + "/z", "y" * 69),
    ],
)
def test_texts_are_spelt_in_the_letters_every_bank_reads(text: str, spelt: str) -> None:
    assert sepa_text(text, 70) == spelt


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"office": ""}, "Treasury account ''"),
        ({"post": "35031"}, "Office '35031' of the treasury"),
        ({"service": "enfance-jeunesse"}, "Service 'enfance-jeunesse' of the treasury"),
        ({"siret": "213500706"}, "SIRET '213500706'"),
        ({"iban": "FR00"}, "IBAN of the treasury account of Régie enfance de Chavagne"),
    ],
)
def test_a_treasury_account_that_no_office_would_know_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(RuleError, match=told):
        replace(TREASURY, **changes)


def test_a_version_no_bank_reads_is_refused() -> None:
    with pytest.raises(RuleError, match=r"Bank file 'pain\.008\.001\.09'"):
        BankFile("pain.008.001.09")  # type: ignore[arg-type]
