"""References of « titres » over GraphQL: recorded by lists, all or nothing, and read on each invoice."""

import asyncio
import io
import logging
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader

from gateway.database import Databases
from plugins.hookspecs import hookimpl
from plugins.rules.identity import Service
from plugins.rules.payment import PayfipTitre, PaymentRoute
from resolvers.billing.invoices import printed
from resolvers.context import AgentRight
from resolvers.models import Invoice, Titre
from schema.portal import schema
from tests.paying import claimed
from tests.towns import Family, Signed, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

RECORD = """mutation($input: TitresRecordInput!) { titresRecord(input: $input) {
  recordedCount userErrors { code field message } } }"""
READ = """{ viewer { households { invoices(first: 20) { nodes {
  number status howToPay titre { structureIdentifier parts reference website sentence } } } } } }"""
OPENING = (
    "Paiement en ligne de l'avis des sommes à payer : sur https://www.payfip.gouv.fr, saisissez l'identifiant de "
    "structure 041120 et la référence "
)
UNKNOWN_HERE = (
    "Le portail ne sait pas si cet avis est payé : seuls l'avis, https://www.payfip.gouv.fr et votre trésorerie le "
    "disent."
)
ON_PAPER = (
    f"{OPENING}en trois parties de votre avis des sommes à payer. Le portail n'a pas encore cette référence : elle est "
    f"imprimée sur l'avis que vous recevez par courrier. {UNKNOWN_HERE}"
)


@pytest.fixture
def town(databases: Databases) -> Town:
    """Chailles in December."""
    town = Town.called("chailles")
    town.on(date(2026, 12, 4))
    return town


async def owing(town: Town, family: Family, *numbers: str) -> None:
    """Issued invoices of some meals with these numbers."""
    for number in numbers:
        key = await claimed(town, family, meals=7_50)
        with town.at_work():
            await Invoice.filter(id=key).update(number=number)


def titre(invoice: str, number: int = 1234, line: int = 1, exercise: int = 2026) -> dict[str, Any]:
    """One line of a list."""
    return {"invoiceNumber": invoice, "exercise": exercise, "number": number, "line": line}


async def recorded(town: Town, agent: Signed, *titres: dict[str, Any]) -> int | list[tuple[str, str]]:
    """How many references a list changed, or the code and the place of each refusal."""
    with town.asked_by(agent) as ctx:
        result = await schema.execute(RECORD, {"input": {"titres": list(titres)}}, context_value=ctx)
    assert result.errors is None and result.data is not None, result.errors
    answer = result.data["titresRecord"]
    if not answer["userErrors"]:
        return int(answer["recordedCount"])
    assert all(error["message"].endswith(".") for error in answer["userErrors"])
    return [(error["code"], "/".join(error["field"])) for error in answer["userErrors"]]


async def borne(town: Town) -> dict[str, str]:
    """The reference of each invoice that has one."""
    with town.at_work():
        numbers = {row.id: row.number or "" for row in await Invoice.all()}
        return {
            numbers[row.invoice_id]: f"{row.exercise}-{row.number}-{row.line}"
            for row in await Titre.all().order_by("number", "line")
        }


async def read(town: Town, family: Family) -> list[dict[str, Any]]:
    """The invoices as a parent reads them."""
    with town.asked_by(family.parent) as ctx:
        result = await schema.execute(READ, context_value=ctx)
    assert result.errors is None and result.data is not None, result.errors
    (home,) = result.data["viewer"]["households"]
    nodes: list[dict[str, Any]] = home["invoices"]["nodes"]
    return nodes


async def test_a_family_reads_that_the_reference_is_on_paper_then_the_reference(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await owing(town, family, "CHA-1")
    ((before,), changed, (after,)) = (
        await read(town, family),
        await recorded(town, agent, titre("CHA-1")),
        await read(town, family),
    )
    known = f"{OPENING}2026-1234-1 (exercice 2026, titre n° 1234, ligne 1). {UNKNOWN_HERE}"
    at_the_treasury = {"structureIdentifier": "041120", "website": "https://www.payfip.gouv.fr"}
    assert before["titre"] == {**at_the_treasury, "parts": [], "reference": None, "sentence": ON_PAPER}
    assert after["titre"] == {
        **at_the_treasury,
        "parts": ["2026", "1234", "1"],
        "reference": "2026-1234-1",
        "sentence": known,
    }
    assert (changed, before["howToPay"][0], after["howToPay"][0]) == (1, ON_PAPER, known)
    assert {before["status"], after["status"]} == {"UNKNOWN_HERE"}


async def test_the_printed_invoice_gives_the_identifier_and_the_three_parts(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await owing(town, family, "CHA-1")
    assert await recorded(town, agent, titre("CHA-1", 77, 12)) == 1
    with town.asked_by(family.parent) as ctx:
        pdf = PdfReader(io.BytesIO(await printed(ctx, await Invoice.get(number="CHA-1"))))
    words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert (
        "l'identifiant de structure 041120 et la référence 2026-77-12 (exercice 2026, titre n° 77, ligne 12)" in words
    )
    assert UNKNOWN_HERE in words
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]


async def test_the_same_list_again_changes_nothing_and_a_wrong_reference_is_corrected(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await owing(town, family, "CHA-1", "CHA-2")
    both = (titre("CHA-1", 10), titre("CHA-2", 20))
    assert [await recorded(town, agent, *both) for _ in range(2)] == [2, 0]
    assert await recorded(town, agent, titre("CHA-1", 10), titre("CHA-2", 21)) == 1
    assert await borne(town) == {"CHA-1": "2026-10-1", "CHA-2": "2026-21-1"}


async def test_two_references_are_exchanged_in_one_list_and_what_they_were_is_logged(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await owing(town, family, "CHA-1", "CHA-2")
    await recorded(town, agent, titre("CHA-1", 10), titre("CHA-2", 20))
    with caplog.at_level(logging.INFO, "portail.treasury"):
        assert await recorded(town, agent, titre("CHA-1", 20), titre("CHA-2", 10)) == 2
    assert await borne(town) == {"CHA-2": "2026-10-1", "CHA-1": "2026-20-1"}
    facts = [vars(record)["facts"] for record in caplog.records]
    assert [(each["was"], each["is"]) for each in facts] == [
        ("2026-10-1", "2026-20-1"),
        ("2026-20-1", "2026-10-1"),
    ]
    assert {each["account"] for each in facts} == {str(agent.viewer.account_id)}


@pytest.mark.parametrize(
    ("lines", "refusals"),
    [
        ([titre("CHA-9", 1)], [("NOT_FOUND", "0/invoiceNumber")]),
        ([titre("CHA-2", 1), titre("CHA-1", 0)], [("INVALID", "1/number")]),
        ([titre("CHA-1", exercise=26, line=0)], [("INVALID", "0/exercise"), ("INVALID", "0/line")]),
        ([titre("CHA-2")], [("TITRE_TAKEN", "0/number")]),
        ([titre("CHA-2", 1), titre("CHA-3", 1)], [("TITRE_TAKEN", "0/number"), ("TITRE_TAKEN", "1/number")]),
        (
            [titre("CHA-2", 1), titre("CHA-2", 2)],
            [("INVALID", "0/invoiceNumber"), ("INVALID", "1/invoiceNumber")],
        ),
        (
            [titre("CHA-2", 1), titre("CHA-9", 0)],
            [("INVALID", "1/number"), ("NOT_FOUND", "1/invoiceNumber")],
        ),
    ],
)
async def test_a_list_with_one_wrong_line_is_refused_as_a_whole_line_by_line(
    town: Town, lines: list[dict[str, Any]], refusals: list[tuple[str, str]]
) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await owing(town, family, "CHA-1", "CHA-2", "CHA-3")
    await recorded(town, agent, titre("CHA-1"))
    assert await recorded(town, agent, *lines) == [(code, f"input/titres/{place}") for code, place in refusals]
    assert await borne(town) == {"CHA-1": "2026-1234-1"}


async def test_too_long_a_list_is_refused(town: Town) -> None:
    lines = [titre("CHA-1", number) for number in range(1, 502)]
    assert await recorded(town, await add_agent(town), *lines) == [("INVALID", "input/titres")]


async def test_an_invoice_that_is_paid_otherwise_has_no_titre(databases: Databases) -> None:
    chavagne = Town.called("chavagne")
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    await owing(chavagne, family, "ENF-1")
    assert await recorded(chavagne, agent, titre("ENF-1")) == [
        ("PAYMENT_ROUTE_UNAVAILABLE", "input/titres/0/invoiceNumber")
    ]
    assert [each["titre"] for each in await read(chavagne, family)] == [None]


async def test_once_nothing_remains_there_is_nothing_to_copy(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await owing(town, family, "CHA-1")
    assert await recorded(town, agent, titre("CHA-1")) == 1
    with town.at_work():
        await Invoice.all().update(cleared_cents=7_50)
    assert [(each["titre"], each["howToPay"]) for each in await read(town, family)] == [
        (None, ["Rien ne reste à payer."])
    ]


async def test_an_agent_without_the_right_records_nothing(town: Town) -> None:
    family = await add_family(town)
    await owing(town, family, "CHA-1")
    for signed in (family.parent, await add_agent(town, frozenset(AgentRight) - {AgentRight.BILLING})):
        with town.asked_by(signed) as ctx:
            result = await schema.execute(RECORD, {"input": {"titres": [titre("CHA-1")]}}, context_value=ctx)
        assert [error.extensions for error in result.errors or ()] == [{"code": "FORBIDDEN"}]
    assert await borne(town) == {}


@hookimpl
def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
    """One treasury collects for every service."""
    return (PayfipTitre("titre", "Avis des sommes à payer", "074112"),)


async def test_what_another_service_follows_is_not_found_and_its_references_are_taken(databases: Databases) -> None:
    epagny = Town(Town.called("epagny").commune.trying(SimpleNamespace(payment_routes=payment_routes)))
    school = await add_family(epagny, services=["enfance-jeunesse"])
    nursery = await add_family(epagny, "TESTBIS", services=["petite-enfance"])
    await owing(epagny, school, "E-1")
    await owing(epagny, nursery, "P-1")
    agents = [await add_agent(epagny, services=[service]) for service in ("enfance-jeunesse", "petite-enfance")]
    assert await recorded(epagny, agents[0], titre("E-1")) == 1
    assert await recorded(epagny, agents[1], titre("E-1", 2)) == [("NOT_FOUND", "input/titres/0/invoiceNumber")]
    assert await recorded(epagny, agents[1], titre("P-1")) == [("TITRE_TAKEN", "input/titres/0/number")]
    assert await borne(epagny) == {"E-1": "2026-1234-1"}


async def test_twenty_references_are_recorded_and_read_in_the_statements_of_one(town: Town) -> None:
    agent, taken = await add_agent(town), set()
    for name, count in (("TEST", 1), ("TESTBIS", 20)):
        family = await add_family(town, name)
        numbers = [f"{name}-{rank}" for rank in range(count)]
        await owing(town, family, *numbers)
        lines = [titre(number, 100 * count + rank) for rank, number in enumerate(numbers)]
        with statements() as writing:
            assert await recorded(town, agent, *lines) == count
        with statements() as reading:
            assert len(await read(town, family)) == count
        taken.add((len(writing), len(reading)))
    ((written, _),) = taken
    assert written <= 8


async def test_of_two_lists_at_once_one_has_the_reference_and_the_other_is_told(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await owing(town, family, "CHA-1", "CHA-2")
    answers = await asyncio.gather(*(recorded(town, agent, titre(number)) for number in ("CHA-1", "CHA-2")))
    assert [answer for answer in answers if answer != 1] == [[("TITRE_TAKEN", "input/titres/0/number")]]
    assert list((await borne(town)).values()) == ["2026-1234-1"]
