"""What families do online, and which particulars they edit."""

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.features import (
    ALLOWED,
    Feature,
    FeatureAnswer,
    Features,
    FieldPolicies,
    FieldPolicy,
    Review,
    Visibility,
    refuse,
)

WRITE = refuse("Écrivez à creche@village.fr.", "creche@village.fr")


def test_what_is_not_refused_is_allowed() -> None:
    features = Features({Feature.BOOK: WRITE})
    assert features.answer(Feature.BOOK) == FeatureAnswer(False, "Écrivez à creche@village.fr.", "creche@village.fr")
    assert features.answer(Feature.PAY_ONLINE) == ALLOWED == FeatureAnswer(True)


def test_a_refusal_whose_reason_does_not_name_the_mailbox_is_refused() -> None:
    with pytest.raises(RuleError, match=r"name the mailbox creche@village\.fr in the sentence"):
        refuse("Ce n'est pas possible.", "creche@village.fr")


def test_who_is_at_one_place_of_a_service_is_told_the_mailbox_of_that_place() -> None:
    where = refuse("Écrivez à a@village.fr (ou b@village.fr).", "a@village.fr", "b@village.fr")
    assert where.at("b@village.fr") == refuse("Écrivez à b@village.fr.", "b@village.fr")
    assert where.at("a@village.fr") == refuse("Écrivez à a@village.fr.", "a@village.fr")
    assert (where.at(""), where.at("c@village.fr"), ALLOWED.at("a@village.fr")) == (where, where, ALLOWED)
    with pytest.raises(RuleError, match=r"name the mailbox a@village\.fr \(ou b@village\.fr\) in the sentence"):
        refuse("Écrivez à a@village.fr.", "a@village.fr", "b@village.fr")


@pytest.mark.parametrize(
    "values", [(False,), (False, "Non."), (False, None, "c@village.fr"), (True, "Oui."), (True, None, "c@village.fr")]
)
def test_a_refusal_has_a_reason_and_a_mailbox_and_a_permission_has_neither(values: tuple[object, ...]) -> None:
    with pytest.raises(RuleError):
        FeatureAnswer(*values)  # type: ignore[arg-type]


def test_a_permission_listed_among_refusals_is_refused() -> None:
    with pytest.raises(RuleError, match="BOOK is listed as refused with an answer that allows it"):
        Features({Feature.BOOK: ALLOWED})


def test_the_list_of_refusals_does_not_follow_the_dictionary_it_was_built_from() -> None:
    refused = {Feature.BOOK: WRITE}
    features = Features(refused)
    refused.clear()
    assert not features.answer(Feature.BOOK).allowed


def test_a_field_without_its_own_policy_has_the_default_one() -> None:
    editable, shown = FieldPolicy(Visibility.EDITABLE, Review.AGENT), FieldPolicy(Visibility.SHOWN)
    policies = FieldPolicies({"person.phone": editable}, default=shown)
    assert (policies.of("person.phone"), policies.of("person.birth_date")) == (editable, shown)


def test_a_field_that_is_no_particular_is_refused() -> None:
    with pytest.raises(RuleError, match=r"Field 'phone': write owner\.particular"):
        FieldPolicies({"phone": FieldPolicy(Visibility.SHOWN)}, default=FieldPolicy(Visibility.SHOWN))


@pytest.mark.parametrize(
    ("visibility", "visible", "editable"),
    [
        (Visibility.HIDDEN, False, False),
        (Visibility.SHOWN, True, False),
        (Visibility.EDITABLE, True, True),
        (Visibility.REQUIRED, True, True),
    ],
)
def test_visibility_decides_what_is_seen_and_what_is_edited(
    visibility: Visibility, visible: bool, editable: bool
) -> None:
    policy = FieldPolicy(visibility)
    assert (policy.is_visible, policy.is_editable, policy.review) == (visible, editable, Review.AUTOMATIC)
