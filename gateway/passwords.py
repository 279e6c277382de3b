"""Passwords kept with Argon2id, away from the event loop and without telling who has an account."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError


class Argon2Passwords:
    """Implements :class:`resolvers.ports.PasswordHasher`.

    19 MiB, two passes, one lane: the OWASP password storage cheat sheet's recommendation for Argon2id. At most
    ``at_once`` computations run together, which bounds the memory and the processors that sign-ins can take.
    Passwords are compared in Unicode's NFC form (RFC 8265), so an « é » typed on any keyboard is the same letter.
    """

    def __init__(self, at_once: int = 2) -> None:
        self._argon2 = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="argon2")
        self._nobody = self._argon2.hash("no account has this password")

    async def hash(self, password: str) -> str:
        """The stored form of a password: salt, parameters and digest."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._argon2.hash, _bytes(password))

    async def verify(self, stored: str | None, password: str) -> bool:
        """True when the password matches; with ``stored=None`` the same time is spent and the answer is False."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._matches, stored, _bytes(password))

    def _matches(self, stored: str | None, password: bytes) -> bool:
        try:
            self._argon2.verify(self._nobody if stored is None else stored, password)
        except VerifyMismatchError:
            return False
        return stored is not None


def _bytes(password: str) -> bytes:
    # "surrogatepass": a lone surrogate typed by an attacker is a wrong password, not a crash.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
