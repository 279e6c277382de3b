"""Two households share a child: a parent of one reads nothing of the other, whatever is asked about it."""

import pytest

from gateway.database import Databases
from resolvers.models import Membership, Person
from resolvers.models.households import Role
from schema.portal import schema
from tests.contract.planting import plant
from tests.contract.test_object_level_authorisation import Houses, answer, known_words, told
from tests.contract.walking import Walk
from tests.towns import Town, sign_in

pytestmark = pytest.mark.anyio


async def test_an_ex_partner_reads_the_shared_child_and_nothing_else_of_the_other_household(
    databases: Databases,
) -> None:
    town = Town.called("chavagne")
    houses = Houses(town, await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ"))
    ours, theirs = houses.ours, houses.theirs
    with town.at_work():
        await Membership.create(household_id=theirs.household, person_id=ours.child, role=Role.CHILD)
        clara = {"first_name": "Clara", "last_name": "PARTAGEE", "email": "", "phone": "", "street": ""}
        await Person.filter(id=ours.child).update(**clara, postcode="", town="", country="", title="", birth_name="")
    ex_partner = await sign_in(town, theirs.parent)
    asked = Walk(schema._schema, ours.ids, known_words(theirs, knows_secrets=False))
    reads = [question for question in asked.questions() if question.document.startswith("query")]
    texts = {question.about: "" for question in reads}
    for question in reads:
        texts[question.about] += told(await answer(town, ex_partner, question))
    assert {about for about, text in texts.items() if "clara" in text} == {"node:Child", "nodes:Child", "viewer"}
    assert {about for about, text in texts.items() if ours.mark.casefold() in text} == set()
