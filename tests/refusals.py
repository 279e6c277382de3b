"""Saying in a test which refusal is expected."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from resolvers.errors import Code, Refused


@contextmanager
def refused(code: Code) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The block must be refused with this code; the refusal itself is ``.value`` afterwards."""
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.code is code, caught.value
