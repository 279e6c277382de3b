"""Bank accounts as families write them."""

import pytest

from plugins.rules.ibans import BankAccount, UnusableIban, is_bic, is_iban, mask, read_account

FARM = "FR7630006000011234567890189"
POST = "FR1420041010050500013M02606"


@pytest.mark.parametrize(
    ("written", "account", "said"),
    [
        (
            "FR76 3000 6000 0112 3456 7890 189",
            BankAccount(FARM, "AGRIFRPPXXX", "CREDIT AGRICOLE SA"),
            "FR76 •••• •••• 0189 (CREDIT AGRICOLE SA)",
        ),
        (
            "fr14 20041 01005 0500013M026 06",
            BankAccount(POST, "PSSTFRPP", "LA BANQUE POSTALE"),
            "FR14 •••• •••• 2606 (LA BANQUE POSTALE)",
        ),
    ],
)
def test_an_account_is_read_with_its_bank_and_said_masked(written: str, account: BankAccount, said: str) -> None:
    read = read_account(written)
    assert read == account
    assert read.say() == said


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("FR2830006000011234567890180", "La clé du RIB ne correspond pas à ce compte : recopiez l'IBAN de votre RIB."),
        ("FR7630006000011234567890188", "Un chiffre de l'IBAN est faux : recopiez-le de votre RIB."),
        ("FR76", "Ce n'est pas un IBAN : recopiez celui de votre RIB, FR suivi de 25 caractères."),
        ("", "Ce n'est pas un IBAN : recopiez celui de votre RIB, FR suivi de 25 caractères."),
        ("<script>", "Ce n'est pas un IBAN : recopiez celui de votre RIB, FR suivi de 25 caractères."),
        (
            "TR330006100519786457841326",
            "Ce compte est hors de la zone SEPA : donnez celui d'une banque qui s'y trouve.",
        ),
    ],
)
def test_what_cannot_be_debited_is_refused_in_words_that_do_not_repeat_it(written: str, told: str) -> None:
    with pytest.raises(UnusableIban) as refusal:
        read_account(written)
    assert str(refusal.value) == told


def test_an_account_of_an_unknown_bank_says_itself_alone() -> None:
    assert read_account("GB82WEST12345698765432") == BankAccount("GB82WEST12345698765432", "", "")
    assert BankAccount(FARM, "", "").say() == mask("FR76", "0189") == "FR76 •••• •••• 0189"


def test_an_account_never_shows_itself_in_a_log() -> None:
    assert repr(read_account(POST)) == "BankAccount(FR14 •••• •••• 2606)"


def test_checked_codes_are_written_without_spaces() -> None:
    assert [is_iban(text) for text in (FARM, "FR76 3000 6000 0112 3456 7890 189", "FR2830006000011234567890180")] == [
        True,
        False,
        False,
    ]
    assert [is_bic(text) for text in ("BDFEFRPPCCT", "AGRIFRPP", "AGRIFRP", "")] == [True, True, False, False]
