"""Towns with an empty database, open for the test."""

import pytest

from gateway.database import Databases
from tests.towns import Town
from tests.village import village


@pytest.fixture
def chavagne(databases: Databases) -> Town:
    """One service, activities at school and on holidays, PayFiP."""
    return Town.called("chavagne")


@pytest.fixture
def epagny(databases: Databases) -> Town:
    """A crèche whose families read and pay, and school families who do everything."""
    return Town.called("epagny")


@pytest.fixture
def melle(databases: Databases) -> Town:
    """Nothing is booked before the yearly file is accepted."""
    return Town.called("melle")


@pytest.fixture
def scarce(databases: Databases) -> Town:
    """The village of the tests: two places a day, two deadlines, a rule between units."""
    return Town(village())
