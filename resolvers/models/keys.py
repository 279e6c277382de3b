"""Primary keys: UUID version 7, so that rows created together lie together in an index (RFC 9562 §5.7)."""

import secrets
import time
from uuid import UUID


def new_key() -> UUID:
    """A fresh UUIDv7. Its time part orders rows on disk only: no rule may read it."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= (random >> 62) << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return UUID(int=value)
