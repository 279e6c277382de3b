"""Texts are filled without interpreting any value."""

import pytest

from plugins.messages import MESSAGES
from plugins.rules.errors import RuleError
from plugins.rules.wording import ESSENTIAL, PLACEHOLDERS, Message, Wording, check_wording


def test_a_text_is_filled_with_its_values_and_ignores_the_others() -> None:
    text = Wording("Facture {number}", "Bonjour {first_name},\n{{voir}} {number}.")
    assert text.fill(number="2026-ENF-000001", first_name="Marie", total="12,00 €") == (
        "Facture 2026-ENF-000001",
        "Bonjour Marie,\n{voir} 2026-ENF-000001.",
    )


@pytest.mark.parametrize("hostile", ["{password}", "{0.__class__}", "%s", "$first_name", "{", "}}", "\\1"])
def test_a_value_is_never_interpreted(hostile: str) -> None:
    assert Wording("Pour {first_name}", "{first_name}").fill(first_name=hostile) == (f"Pour {hostile}", hostile)


def test_a_value_cannot_add_a_line_to_the_subject() -> None:
    subject, _ = Wording("Pour {first_name} !", "Bonjour.").fill(first_name="Marie\r\nBcc: x@y.fr\x00\u2028")
    assert subject == "Pour Marie Bcc: x@y.fr !"


def test_the_no_break_spaces_of_french_stay_in_the_subject() -> None:
    assert Wording("Total\u00a0: {total}", "Bonjour.").fill(total="12,50\u00a0€")[0] == "Total\u00a0: 12,50\u00a0€"


def test_a_missing_value_is_refused_by_name() -> None:
    with pytest.raises(RuleError, match="No value for link, login in"):
        Wording("Bonjour", "{login} {link}").fill(first_name="Marie")


@pytest.mark.parametrize(
    "body", ["{total:>10}", "{total!r}", "{total.__class__}", "{total[0]}", "{}", "{0}", "{total", "total}", "{a b}"]
)
def test_a_placeholder_is_a_bare_name(body: str) -> None:
    with pytest.raises(RuleError):
        Wording("Bonjour", body)


def test_a_blank_or_many_lined_subject_is_refused() -> None:
    for subject in ("", " ", "a\nb"):
        with pytest.raises(RuleError, match="Subject"):
            Wording(subject, "Bonjour.")


def test_a_text_knows_which_values_it_mentions() -> None:
    assert Wording("{a}", "{b} {a} {{c}}").placeholders == {"a", "b"}


def test_every_message_has_its_placeholders_and_a_text_that_respects_them() -> None:
    assert set(PLACEHOLDERS) == set(MESSAGES) == set(Message)
    for message, wording in MESSAGES.items():
        check_wording(message, wording)


def test_every_message_knows_the_commune_the_person_and_who_signs() -> None:
    for known in PLACEHOLDERS.values():
        assert known >= {"commune", "first_name", "service", "mailbox"}


@pytest.mark.parametrize("message", ESSENTIAL)
def test_a_text_that_omits_what_its_reader_needs_is_refused(message: Message) -> None:
    with pytest.raises(RuleError, match=f"{message.name} does not mention .*: its reader needs it"):
        check_wording(message, Wording("Bonjour", "Rien."))


def test_a_text_that_mentions_an_unknown_value_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RuleError, match="PASSWORD_CHANGED mentions link: it may only mention addressee, commune"):
        check_wording(Message.PASSWORD_CHANGED, Wording("Bonjour", "{link}"))
