"""Time-based one-time passwords (RFC 6238, on RFC 4226): six digits, half a minute, as authenticator apps show them."""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
WINDOW = 1  # steps of drift forgiven on either side: a telephone's clock is never quite right


def step_of(instant: datetime) -> int:
    """How many steps have passed since 1970; *instant* is timezone-aware."""
    return int(instant.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int, digits: int = DIGITS, digest: str = "sha1") -> str:
    """The code of one step (RFC 4226 §5.3: dynamic truncation)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), digest)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}}"


def matching_step(secret: bytes, typed: str, instant: datetime, after: int = 0) -> int | None:
    """The step that a typed code belongs to, among those around *instant* and later than ``after``; None for none."""
    code = "".join(typed.split()).encode()
    now = step_of(instant)
    around = range(now - WINDOW, now + WINDOW + 1)
    matches = [step for step in around if hmac.compare_digest(code_at(secret, step).encode(), code)]
    return next((step for step in matches if step > after), None)


def written(secret: bytes) -> str:
    """The secret as people copy it: base 32, without padding."""
    return base64.b32encode(secret).decode("ascii").rstrip("=")


def enrolment_uri(secret: bytes, issuer: str, account: str) -> str:
    """The address that an authenticator app reads from a QR code; it shows « issuer (account) »."""
    query = urlencode({"secret": written(secret), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"
