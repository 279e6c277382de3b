"""Passwords of the commune's policy: generated, ticked while they are typed, changed."""

from collections.abc import Awaitable, Callable

import pytest

from plugins import hookspecs
from plugins.rules.accounts import PasswordRule
from resolvers.access.email_changes import ask_email_change
from resolvers.access.passwords import change_password, generate_password, password_checks
from resolvers.access.second_factor import start_second_factor
from resolvers.access.sign_in import sessions_of
from resolvers.context import Context
from resolvers.errors import Code
from tests.newcomers import PASSWORD, active, signed_in
from tests.refusals import refused
from tests.towns import Town, communes

pytestmark = [pytest.mark.anyio, pytest.mark.database]


Guess = Callable[[Context, str], Awaitable[object]]


async def change(ctx: Context, guess: str) -> None:
    """Guess to replace the password."""
    await change_password(ctx, guess, "Autre-Soleil-2027")


async def ask_an_address(ctx: Context, guess: str) -> None:
    """Guess to replace the e-mail."""
    await ask_email_change(ctx, "ailleurs@example.org", guess)


async def start_a_second_factor(ctx: Context, guess: str) -> None:
    """Guess to add a telephone."""
    await start_second_factor(ctx, guess)


@pytest.mark.parametrize("slug", sorted(communes()))
def test_a_generated_password_always_meets_the_commune_s_own_policy(slug: str) -> None:
    policy = communes()[slug].ask(hookspecs.password_policy)
    drawn = {generate_password(policy) for _ in range(20)}
    assert len(drawn) == 20
    assert all(policy.accepts(password) and not set(password) & set("0O1lI") for password in drawn)


async def test_a_new_password_must_be_known_strong_and_new(epagny: Town) -> None:
    parent = await active(epagny)
    with epagny.asked_by(parent) as ctx:
        with refused(Code.CREDENTIALS_INVALID) as wrong:
            await change_password(ctx, "not this one", "Autre-Soleil-2027")
        with refused(Code.PASSWORD_TOO_WEAK) as weak:
            await change_password(ctx, PASSWORD, "short")
        with refused(Code.PASSWORD_UNCHANGED) as same:
            await change_password(ctx, PASSWORD, PASSWORD)
        missing = [check.rule for check in password_checks(ctx, "short") if not check.satisfied]
    assert missing == [PasswordRule.MIN_LENGTH, PasswordRule.UPPERCASE, PasswordRule.DIGIT]
    assert all(check.label in weak.value.message for check in password_checks(ctx, "short") if not check.satisfied)
    assert [caught.value.field for caught in (wrong, weak, same)] == [
        ("currentPassword",),
        ("newPassword",),
        ("newPassword",),
    ]
    assert (await signed_in(epagny, parent.viewer.login, PASSWORD)).viewer.login == "elodie.durand"


@pytest.mark.parametrize("guess", [change, ask_an_address, start_a_second_factor])
async def test_an_open_session_does_not_guess_the_password_without_brakes(epagny: Town, guess: Guess) -> None:
    parent = await active(epagny)
    with epagny.asked_by(parent) as ctx:
        for _ in range(5):
            with refused(Code.CREDENTIALS_INVALID):
                await guess(ctx, "not this one")
        with refused(Code.THROTTLED) as braked:
            await guess(ctx, PASSWORD)
    assert braked.value.message == (
        "Trop d'essais infructueux. Réessayez dans 1 minute, ou déconnectez-vous et demandez un nouveau mot de passe."
    )
    assert (await signed_in(epagny, parent.viewer.login, PASSWORD)).viewer.login == "elodie.durand"  # not kept out
    epagny.later(seconds=11)
    with epagny.asked_by(parent) as ctx:
        await change_password(ctx, PASSWORD, "Autre-Soleil-2027")


async def test_each_rule_of_the_policy_is_ticked_while_the_password_is_typed(melle: Town) -> None:
    def ticked(candidate: str) -> dict[str, bool]:
        return {check.label: check.satisfied for check in password_checks(melle.context(), candidate, "c.temp2021 ")}

    rules = ("au moins 8 caractères", "au moins 1 minuscule", "au moins 1 chiffre")
    rest = ("au plus 200 caractères", "différent de votre identifiant")
    assert {typed: tuple(ticked(typed).values()) for typed in ("", "C", "c.temp", "C.Temp2021", "c.temp20212")} == {
        "": (False, False, False, True, True),
        "C": (False, False, False, True, True),
        "c.temp": (False, True, False, True, True),
        "C.Temp2021": (True, True, True, True, False),
        "c.temp20212": (True, True, True, True, True),
    }
    assert tuple(ticked("")) == (*rules, *rest)


async def test_changing_the_password_signs_out_every_other_device_and_says_so_by_mail(chavagne: Town) -> None:
    parent = await active(chavagne)
    other = await signed_in(chavagne, "e.durand", PASSWORD)
    chavagne.later(minutes=1)
    with chavagne.asked_by(parent) as ctx:
        await change_password(ctx, PASSWORD, "Autre-Soleil-2027")
        assert [session.id for session in await sessions_of(ctx)] == [parent.viewer.session_id]
    assert other.viewer.session_id != parent.viewer.session_id
    mail = (await chavagne.mails("password:"))[-1]
    assert (mail.recipient, mail.subject) == (
        "elodie.durand@example.org",
        "Chavagne : votre mot de passe a été changé",
    )
