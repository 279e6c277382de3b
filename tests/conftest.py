"""What every test may ask for."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The only event loop the portal runs on."""
    return "asyncio"
