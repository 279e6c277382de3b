"""The TEST families as the simulated family allowance fund knows them: every adult was born on one day, in one town."""

from collections.abc import Iterable
from datetime import date

from gateway.demonstration.families import DemoCommune
from gateway.simulators.caf import Allocataire, SimulatedChild
from resolvers.models.households import Role

BORN = date(1985, 6, 15)
BIRTH_TOWN = "35238"  # Rennes
NEW_QUOTIENT = 480


def allocataires(communes: Iterable[DemoCommune]) -> tuple[Allocataire, ...]:
    """The adults of every household with their children; the fund knows a newer quotient than the portal."""
    return tuple(
        Allocataire(
            adult.last_name,
            adult.first_name,
            BORN,
            BIRTH_TOWN,
            NEW_QUOTIENT,
            tuple(
                SimulatedChild(child.first_name, child.last_name, child.birth_date)
                for child in household.persons
                if child.role is Role.CHILD and child.birth_date is not None
            ),
        )
        for demo in communes
        for household in demo.households
        for adult in household.persons
        if adult.role in (Role.REPRESENTATIVE, Role.CO_REPRESENTATIVE)
    )
