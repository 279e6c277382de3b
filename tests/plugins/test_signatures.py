"""What is refused when a plugin is loaded, before it is asked anything."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from plugins.communes import Commune, PluginError
from plugins.hookspecs import hookimpl, hookspec
from plugins.rules.accounts import PasswordPolicy
from plugins.rules.catalogue import Activity
from plugins.rules.dossiers import RequiredDocument
from plugins.rules.tariffs import Tariff, constant
from plugins.signatures import QUESTIONS

Village = Callable[..., SimpleNamespace]


def refusal(plugin: SimpleNamespace) -> str:
    """What is said of a plugin that cannot start."""
    with pytest.raises(PluginError) as refused:
        Commune("village", plugin)
    return str(refused.value)


@hookimpl
def password_polcy() -> PasswordPolicy:
    return PasswordPolicy(8)


def password_policy() -> PasswordPolicy:
    return PasswordPolicy(8)


def test_a_misspelt_question_is_refused_with_the_nearest_one(village: Village) -> None:
    said = refusal(village(password_polcy=password_polcy))
    assert said.endswith(": 'password_polcy' is no question; did you mean 'password_policy'?")
    assert "plugins/test_signatures.py:" in said


def test_a_question_unlike_any_other_is_refused_with_the_list_of_questions(village: Village) -> None:
    @hookimpl
    def zzz() -> None:
        return None

    assert f"the questions are {', '.join(QUESTIONS)}." in refusal(village(zzz=zzz))


def test_an_answer_without_its_mark_is_refused_rather_than_ignored(village: Village) -> None:
    said = refusal(village(password_policy=password_policy))
    assert said.endswith("'password_policy' answers nothing: write @hookimpl above it, or give it another name.")


@pytest.mark.parametrize(
    "options",
    [
        {"tryfirst": True},
        {"trylast": True},
        {"wrapper": True},
        {"hookwrapper": True},
        {"specname": "password_policy"},
        {"optionalhook": True},
    ],
)
def test_options_that_change_who_answers_are_refused(village: Village, options: dict[str, Any]) -> None:
    def policy() -> PasswordPolicy:
        return PasswordPolicy(8)

    policy.__name__ = "password_policy"
    said = refusal(village(password_policy=hookimpl(**options)(policy)))
    assert said.endswith(
        f"'password_policy' uses {next(iter(options))}: write @hookimpl alone, the commune always answers first."
    )


def test_an_async_answer_is_refused(village: Village) -> None:
    @hookimpl
    async def password_policy() -> PasswordPolicy:
        return PasswordPolicy(8)

    assert "is async: answers never wait; write « def password_policy() -> PasswordPolicy »" in refusal(
        village(password_policy=password_policy)
    )


def test_an_unknown_argument_is_refused_with_the_definition_to_write(village: Village) -> None:
    @hookimpl
    def tariff(activty: Activity) -> Tariff:
        return Tariff({"repas": constant(100)})

    said = refusal(village(tariff=tariff))
    assert "'activty: plugins.rules.catalogue.Activity', which the question does not give" in said
    assert "« def tariff(activity: Activity, year: SchoolYear) -> Tariff »" in said


def test_keyword_only_star_and_defaulted_arguments_are_refused(village: Village) -> None:
    @hookimpl
    def starred(*activity: Activity) -> Tariff:
        return Tariff({"repas": constant(100)})

    @hookimpl
    def keyword(*, activity: Activity) -> Tariff:
        return Tariff({"repas": constant(100)})

    @hookimpl
    def defaulted(activity: Activity | None = None) -> Tariff:
        return Tariff({"repas": constant(100)})

    assert "which the question does not give" in refusal(village(tariff=starred))
    assert "which the question does not give" in refusal(village(tariff=keyword))
    assert "declares 'activity: " in refusal(village(tariff=defaulted))


def test_a_wrong_or_missing_argument_annotation_is_refused(village: Village) -> None:
    @hookimpl
    def wrong(activity: str) -> Tariff:
        return Tariff({"repas": constant(100)})

    @hookimpl
    def missing(activity) -> Tariff:  # type: ignore[no-untyped-def]
        return Tariff({"repas": constant(100)})

    assert "declares 'activity: str'" in refusal(village(tariff=wrong))
    assert "declares 'activity'" in refusal(village(tariff=missing))


def test_a_wrong_or_missing_return_annotation_is_refused(village: Village) -> None:
    @hookimpl
    def wrong() -> int:
        return 8

    @hookimpl
    def missing():  # type: ignore[no-untyped-def]
        return PasswordPolicy(8)

    @hookimpl
    def silent() -> None:
        return None

    for answer in (wrong, missing, silent):
        assert "does not say what it returns, or says something else" in refusal(village(password_policy=answer))


def test_a_gathered_answer_is_a_tuple_of_the_promised_type(village: Village) -> None:
    @hookimpl
    def required_documents() -> list[RequiredDocument]:
        return []

    assert "« def required_documents(year: SchoolYear) -> tuple[RequiredDocument, ...] »" in refusal(
        village(required_documents=required_documents)
    )


def test_an_annotation_that_cannot_be_read_is_refused(village: Village) -> None:
    @hookimpl
    def password_policy() -> "Nowhere":  # type: ignore[name-defined]  # noqa: F821
        return PasswordPolicy(8)

    said = refusal(village(password_policy=password_policy))
    assert "has an annotation that cannot be read (name 'Nowhere' is not defined)" in said


def test_an_answer_may_take_fewer_arguments_and_promise_never_to_be_silent(village: Village) -> None:
    @hookimpl
    def tariff() -> Tariff | None:
        return Tariff({"repas": constant(100)})

    Commune("village", village(tariff=tariff))


def test_a_specification_imported_by_a_plugin_is_not_an_answer(village: Village) -> None:
    @hookspec
    def terms() -> None: ...

    assert Commune("village", village(terms=terms)).identity.name == "Village"
