"""What the walks share."""

from collections.abc import Iterator

import pytest

from schema.portal import schema


@pytest.fixture(scope="package", autouse=True)
def every_document_kept() -> Iterator[None]:
    """Room for the 700,000 characters that each visitor asks: they are the same, and validated once."""
    documents = schema.documents
    usual = documents.max_characters
    documents.max_characters = 3 * usual
    yield
    documents.max_characters = usual
