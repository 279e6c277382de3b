"""Logins, passwords, openings and terms."""

import unicodedata
from datetime import date

import pytest

from plugins.rules.accounts import (
    AccountOpenings,
    LoginIdentifier,
    LoginKind,
    Opening,
    PasswordCheck,
    PasswordPolicy,
    PasswordRule,
    Terms,
)
from plugins.rules.errors import RuleError

POLICY = PasswordPolicy(min_length=8, lowercase=1, uppercase=1, digits=1)


@pytest.mark.parametrize(
    ("kind", "email", "first_name", "last_name", "login"),
    [
        (LoginKind.EMAIL, " Durand.Simon@Live.FR ", "Simon", "Durand", "durand.simon@live.fr"),
        (LoginKind.LOCAL_PART, "durand.simon@live.fr", "Simon", "Durand", "durand.simon"),
        (LoginKind.LOCAL_PART, "Durand+Ecole@live.fr", "Simon", "Durand", "durand+ecole"),
        (LoginKind.LOCAL_PART, "sans-arobase", "Simon", "Durand", "sans-arobase"),
        (LoginKind.GIVEN, "x@y.fr", "Clémence", "Temp", "c.temp"),
        (LoginKind.GIVEN, "x@y.fr", "Élodie", "D'Œuvre-Müller", "e.duvremuller"),
        (LoginKind.GIVEN, "x@y.fr", "", "Temp", "temp"),
        (LoginKind.GIVEN, "x@y.fr", "李", "王", "famille"),
    ],
)
def test_a_login_is_proposed_by_the_rule_of_the_commune(
    kind: LoginKind, email: str, first_name: str, last_name: str, login: str
) -> None:
    assert LoginIdentifier(kind).propose(email, first_name, last_name) == login


@pytest.mark.parametrize("kind", LoginKind)
def test_a_typed_login_is_compared_without_case_or_spaces_and_a_proposed_one_is_already_so(kind: LoginKind) -> None:
    rule = LoginIdentifier(kind)
    proposed = rule.propose("Durand.Simon@live.fr", "Simon", "Durand")
    assert rule.normalise(f"  {proposed.upper()} ") == proposed


def test_each_kind_of_login_is_explained_in_french() -> None:
    assert [LoginIdentifier(kind).say() for kind in LoginKind] == [
        "Votre identifiant est votre adresse e-mail.",
        "Votre identifiant est la partie de votre adresse e-mail située avant l'@.",
        "Votre identifiant est celui que le service vous a transmis.",
    ]


def test_every_rule_in_force_is_ticked_or_not() -> None:
    assert POLICY.check("Chouette", "c.temp") == (
        PasswordCheck(PasswordRule.MIN_LENGTH, "au moins 8 caractères", True),
        PasswordCheck(PasswordRule.LOWERCASE, "au moins 1 minuscule", True),
        PasswordCheck(PasswordRule.UPPERCASE, "au moins 1 majuscule", True),
        PasswordCheck(PasswordRule.DIGIT, "au moins 1 chiffre", False),
        PasswordCheck(PasswordRule.MAX_LENGTH, "au plus 200 caractères", True),
        PasswordCheck(PasswordRule.NOT_LOGIN, "différent de votre identifiant", True),
    )


def test_a_rule_that_is_not_in_force_is_not_listed() -> None:
    listed = [check.rule for check in PasswordPolicy(min_length=8, digits=2).check("")]
    assert listed == [PasswordRule.MIN_LENGTH, PasswordRule.DIGIT, PasswordRule.MAX_LENGTH, PasswordRule.NOT_LOGIN]


@pytest.mark.parametrize(
    ("candidate", "accepted"),
    [
        ("Chouette8", True),
        ("Chouet8", False),
        ("chouette8", False),
        ("CHOUETTE8", False),
        ("Chouettes", False),
        ("Éléphant٣", True),  # accented letters and digits of any script count as a person reads them
        ("C8" + "a" * 198, True),
        ("C8" + "a" * 199, False),
        ("", False),
    ],
)
def test_a_password_is_accepted_when_every_rule_is_respected(candidate: str, accepted: bool) -> None:
    assert POLICY.accepts(candidate) is accepted


def test_a_password_is_never_the_login_whatever_its_case() -> None:
    assert not POLICY.accepts("Durand.Simon8", "durand.simon8")
    assert POLICY.accepts("Durand.Simon8", "")


def test_a_password_is_none_of_the_names_one_signs_in_with() -> None:
    assert not POLICY.accepts("S.Durand8@Live.fr", "s.durand", "s.durand8@live.fr")
    assert POLICY.accepts("S.Durand8@Live.fr", "s.durand", "")


def test_characters_are_counted_as_a_person_sees_them() -> None:
    decomposed = unicodedata.normalize("NFD", "Éléphé8")
    assert len(decomposed) > 8
    assert not POLICY.accepts(decomposed)


def test_a_policy_says_itself_in_one_sentence() -> None:
    assert PasswordPolicy(min_length=8, lowercase=1, digits=2).say() == (
        "Le mot de passe doit comporter au moins 8 caractères, au moins 1 minuscule, au moins 2 chiffres, "
        "et être différent de votre identifiant."
    )


@pytest.mark.parametrize(
    "values", [{"min_length": 7}, {"min_length": 20, "max_length": 10}, {"min_length": 8, "max_length": 1001}]
)
def test_a_policy_with_impossible_lengths_is_refused(values: dict[str, int]) -> None:
    with pytest.raises(RuleError, match="stay between 8 and 1000, minimum first"):
        PasswordPolicy(**values)


@pytest.mark.parametrize("values", [{"digits": -1}, {"digits": 5, "lowercase": 6}])
def test_a_policy_whose_letters_do_not_fit_is_refused(values: dict[str, int]) -> None:
    with pytest.raises(RuleError, match="write counts that fit in 10"):
        PasswordPolicy(min_length=8, max_length=10, **values)


def test_an_opening_is_allowed_when_it_is_listed() -> None:
    openings = AccountOpenings((Opening.ACTIVATION_MAIL, Opening.SERVICE_KEY), "Écrivez à enfance@village.fr.")
    assert [way for way in Opening if openings.allows(way)] == [Opening.ACTIVATION_MAIL, Opening.SERVICE_KEY]


@pytest.mark.parametrize(
    ("ways", "hours", "said"),
    [
        ((), 1, "list each way once, or CLOSED alone"),
        ((Opening.SELF_SIGN_UP, Opening.SELF_SIGN_UP), 1, "list each way once"),
        ((Opening.CLOSED, Opening.SELF_SIGN_UP), 1, "CLOSED excludes every other way"),
        ((Opening.CLOSED,), 0, "a link lives at least 1 hour"),
    ],
)
def test_openings_that_contradict_themselves_are_refused(ways: tuple[Opening, ...], hours: int, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        AccountOpenings(ways, "Écrivez à enfance@village.fr.", link_valid_hours=hours)


def test_terms_without_text_are_refused() -> None:
    with pytest.raises(RuleError, match="Terms text"):
        Terms("1", "Conditions", " \n ", date(2026, 9, 1))
