"""Two households share a child: a parent of one reads nothing of the other, whatever is asked about it."""

import pytest

from gateway.database import Databases
from resolvers.models import Membership, Person
from resolvers.models.households import Role
from schema.portal import schema
from tests.contract.planting import plant
from tests.contract.test_object_level_authorisation import Houses, answer, known_words, rows_of, told
from tests.contract.walking import Walk
from tests.towns import Town, sign_in

pytestmark = pytest.mark.anyio


@pytest.fixture
async def houses(databases: Databases) -> Houses:
    """Two households of Chavagne; the child of ours is in theirs too, under a name that is neither's mark."""
    town = Town.called("chavagne")
    houses = Houses(town, await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ"))
    with town.at_work():
        await Membership.create(household_id=houses.theirs.household, person_id=houses.ours.child, role=Role.CHILD)
        clara = {"first_name": "Clara", "last_name": "PARTAGEE", "email": "", "phone": "", "street": ""}
        nowhere = {"postcode": "", "town": "", "country": "", "title": "", "birth_name": ""}
        await Person.filter(id=houses.ours.child).update(**clara, **nowhere)
    return houses


async def answers(houses: Houses, kind: str) -> dict[str, str]:
    """What the parent of theirs is answered, asking everything of this kind about ours."""
    ex_partner = await sign_in(houses.town, houses.theirs.parent)
    asked = Walk(schema._schema, houses.ours.ids, known_words(houses.theirs, knows_secrets=False))
    texts: dict[str, str] = {}
    for question in asked.questions():
        if question.document.startswith(kind):
            texts.setdefault(question.about, "")
            texts[question.about] += told(await answer(houses.town, ex_partner, question))
    return texts


async def test_an_ex_partner_reads_the_shared_child_and_nothing_else_of_the_other_household(houses: Houses) -> None:
    texts = await answers(houses, "query")
    assert {about for about, text in texts.items() if "clara" in text} == {"node:Child", "nodes:Child", "viewer"}
    assert {about for about, text in texts.items() if houses.ours.mark.casefold() in text} == set()


async def test_an_ex_partner_changes_nothing_of_the_other_household(houses: Houses) -> None:
    before, _ = await rows_of(houses)
    texts = await answers(houses, "mutation")
    after, _ = await rows_of(houses)
    household = str(houses.ours.household)
    changed = before ^ after
    assert {row.split()[0] for row in changed} >= {"enrolment", "person"}  # of the shared child, from its other home
    assert {row for row in changed if household in row} == set()
    assert {about for about, text in texts.items() if houses.ours.mark.casefold() in text} == set()
