"""Passwords are kept so that they can be checked and never read."""

import time
import unicodedata

import anyio
import pytest
from argon2 import PasswordHasher as Argon2

from gateway.passwords import Argon2Passwords
from resolvers.ports import PasswordHasher

pytestmark = pytest.mark.anyio


async def test_a_password_is_recognised_and_another_is_not() -> None:
    passwords: PasswordHasher = Argon2Passwords()

    stored = await passwords.hash("Chavagne2026!")

    assert "Chavagne2026!" not in stored
    assert await passwords.verify(stored, "Chavagne2026!") is True
    assert [await passwords.verify(stored, wrong) for wrong in ("chavagne2026!", "", "Chavagne2026! ")] == [False] * 3


async def test_the_same_password_is_stored_differently_each_time() -> None:
    passwords = Argon2Passwords()

    assert await passwords.hash("identique") != await passwords.hash("identique")


async def test_parameters_are_those_that_owasp_recommends_for_argon2id() -> None:
    stored = await Argon2Passwords().hash("secret")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("typed", ["no account has this password", "", "n'importe quoi"])
async def test_without_account_every_password_is_wrong(typed: str) -> None:
    assert await Argon2Passwords().verify(None, typed) is False


async def test_without_account_a_sign_in_takes_as_long_as_with_one() -> None:
    passwords = Argon2Passwords()
    stored = await passwords.hash("secret")

    async def fastest(account: str | None) -> float:
        spent = []
        for _ in range(5):
            started = time.perf_counter()
            await passwords.verify(account, "essai")
            spent.append(time.perf_counter() - started)
        return min(spent)

    known, unknown = await fastest(stored), await fastest(None)

    assert known / 5 < unknown < known * 5


async def test_the_same_accent_typed_on_two_keyboards_is_the_same_password() -> None:
    passwords = Argon2Passwords()
    composed, decomposed = (unicodedata.normalize(form, "Élève-Noël-1") for form in ("NFC", "NFD"))

    assert composed != decomposed
    assert await passwords.verify(await passwords.hash(composed), decomposed) is True


@pytest.mark.parametrize("hostile", ["\x00", "\ud800", "😀" * 50, "a" * 1_000_000])
async def test_hostile_passwords_are_only_passwords(hostile: str) -> None:
    passwords = Argon2Passwords()
    stored = await passwords.hash(hostile)

    assert await passwords.verify(stored, hostile) is True
    assert await passwords.verify(stored, hostile + "x") is False


async def test_the_event_loop_goes_on_while_passwords_are_checked() -> None:
    passwords = Argon2Passwords(at_once=1)
    turns = 0
    done = False

    async def sign_ins() -> None:
        nonlocal done
        for _ in range(10):
            await passwords.hash("secret")
        done = True

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(sign_ins)
        while not done:
            await anyio.sleep(0.001)
            turns += 1

    assert turns >= 10


async def test_a_password_stored_with_weaker_parameters_still_opens() -> None:
    passwords = Argon2Passwords()
    weak = Argon2(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("secret")

    assert await passwords.verify(weak, "secret") is True
