"""What must be readable later but never lie in clear in a table: Fernet, with keys that can be rotated."""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class FernetSealer:
    """Encrypts with the first key and decrypts with any of them, so that a new key is put first and old ones retire."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("A sealer needs at least one key.")
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._keys = tuple(keys)

    def seal(self, clear: str) -> str:
        """Encrypt and authenticate a text; the result is ASCII."""
        return self._fernet.encrypt(clear.encode()).decode("ascii")

    def marks(self, clear: str) -> tuple[str, ...]:
        """Keyed hashes of a short secret (HMAC-SHA-256): useless without the keys, one per key, the first one's first.

        A plain hash of ten letters and digits could be searched; this one cannot.
        """
        return tuple(hmac.new(f"mark:{key}".encode(), clear.encode(), hashlib.sha256).hexdigest() for key in self._keys)

    def unseal(self, sealed: str) -> str:
        """Decrypt what :meth:`seal` returned; ``ValueError`` when it was altered or sealed by an unknown key."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise ValueError("This text was not sealed by one of our keys, or it was altered.") from None

    def seal_bytes(self, clear: bytes) -> bytes:
        """Encrypt and authenticate a file; the result is a Fernet token without its base64, a third shorter."""
        return urlsafe_b64decode(self._fernet.encrypt(clear))

    def unseal_bytes(self, sealed: bytes) -> bytes:
        """Decrypt what :meth:`seal_bytes` returned; ``ValueError`` when it was altered or sealed by an unknown key."""
        try:
            return self._fernet.decrypt(urlsafe_b64encode(sealed))
        except InvalidToken:
            raise ValueError("This file was not sealed by one of our keys, or it was altered.") from None


def new_key() -> str:
    """A fresh key for PORTAIL_SECRET_KEYS."""
    return Fernet.generate_key().decode("ascii")


def kept_key(path: Path) -> str:
    """The demonstration's key: read from *path*, or made and written there for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    key = new_key()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key + "\n")
    return key
