"""Random tokens: in clear only where they are sent, in tables only as a fingerprint."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits that may stand in an address."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is stored of a random token: tokens have 256 bits, so a plain hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()
