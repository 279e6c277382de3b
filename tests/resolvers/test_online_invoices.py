"""Invoices online instead of paper: asked, accepted, given up; and the ones that the commune prints."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from plugins import hookspecs
from plugins.hookspecs import hookimpl
from plugins.rules.features import Review
from plugins.rules.invoicing import InvoicingPolicy
from plugins.rules.online_invoices import OnlineInvoices
from resolvers.context import AgentRight
from resolvers.models import Household, Request
from schema.portal import schema
from schema.relay import global_id
from tests.invoicing import checked, drawn, fed_family, issued
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

REQUEST = "request { number kind state title details { label value } } userErrors { code field message contact }"
JOIN = f"mutation($input: OnlineInvoicesJoinInput!) {{ onlineInvoicesJoin(input: $input) {{ {REQUEST} }} }}"
LEAVE = f"mutation($input: OnlineInvoicesLeaveInput!) {{ onlineInvoicesLeave(input: $input) {{ {REQUEST} }} }}"
DECIDE = """mutation($input: RequestDecideInput!) { requestDecide(input: $input) {
  request { state } userErrors { code field } } }"""
STANDING = """{ viewer { households { onlineInvoices {
  since onPaper mayJoin whyNot sentence recap terms termsVersion requestId } } } }"""
TO_PRINT = """query($run: ID!, $first: Int, $after: String) {
  invoicesToPrint(runId: $run, first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage } nodes { number } } }"""
BILLING = frozenset({AgentRight.BILLING})
SENTENCE = (
    "Les factures sont sur papier jusqu'à l'adhésion de la famille à la facture en ligne, après accord du service."
)


async def ask(town: Town, signed: Signed, text: str, **variables: Any) -> Any:
    """The data of an operation, which must go without any error."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(text, variables, context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def standing(town: Town, signed: Signed) -> dict[str, Any]:
    """What the only household of somebody reads of itself."""
    (household,) = (await ask(town, signed, STANDING))["viewer"]["households"]
    found: dict[str, Any] = household["onlineInvoices"]
    return found


def of(family: Family) -> str:
    """The identifier of a household."""
    return global_id("Household", family.id)


async def join(town: Town, family: Family, by: Signed | None = None, **changes: Any) -> dict[str, Any]:
    """The payload of joining."""
    given = {"householdId": of(family), "terms": "1", **changes}
    payload: dict[str, Any] = (await ask(town, by or family.parent, JOIN, input=given))["onlineInvoicesJoin"]
    return payload


async def leave(town: Town, family: Family, by: Signed | None = None, **changes: Any) -> dict[str, Any]:
    """The payload of coming back to paper."""
    given = {"householdId": of(family), **changes}
    payload: dict[str, Any] = (await ask(town, by or family.parent, LEAVE, input=given))["onlineInvoicesLeave"]
    return payload


def refusals(payload: dict[str, Any]) -> list[tuple[str, str]]:
    """The codes and last fields of what was refused."""
    assert payload["request"] is None
    return [(each["code"], each["field"][-1]) for each in payload["userErrors"]]


async def decide(town: Town, agent: Signed, **given: Any) -> Any:
    """The payload of deciding the last request."""
    with town.at_work():
        request = await Request.all().order_by("-number").first()
    assert request is not None
    given = {"id": global_id("Request", request.id), **given}
    return (await ask(town, agent, DECIDE, input=given))["requestDecide"]


def made(title: str, state: str = "ACCEPTED", number: str = "D-2026-000001") -> dict[str, Any]:
    """A request as its household reads it: its proof is the version that was accepted."""
    details = [{"label": "version des conditions acceptées", "value": "1"}]
    request = {"number": number, "kind": "E_INVOICE", "state": state, "title": title, "details": details}
    return {"request": request, "userErrors": []}


JOINED, LEFT = "Adhésion à la facture en ligne", "Retour à la facture papier"


async def test_9_adhesion_a_la_facture_en_ligne_is_asked_acknowledged_and_accepted(chavagne: Town) -> None:
    """« Votre demande est transmise au service enfance […] NOUS AVONS BIEN ENREGISTRÉ VOTRE DEMANDE »."""
    family, agent = await add_family(chavagne), await add_agent(chavagne, frozenset({AgentRight.FAMILIES}))
    before = await standing(chavagne, family.parent)
    terms = before.pop("terms")
    assert terms.startswith("Vos factures sont déposées dans votre espace famille")
    assert before == {
        "since": None,
        "onPaper": True,
        "mayJoin": True,
        "whyNot": None,
        "sentence": SENTENCE,
        "recap": "Quand le service aura accepté votre demande, vos factures ne seront plus envoyées sur papier. À "
        "chaque facture, un e-mail préviendra Parent TEST.",
        "termsVersion": "1",
        "requestId": None,
    }

    assert await join(chavagne, family) == made(JOINED, "SENT")

    (mail,) = await chavagne.mails("request:")
    assert (mail.recipient, mail.subject) == (family.parent.viewer.email, "Demande n° D-2026-000001 : bien enregistrée")
    assert f"Nous avons bien enregistré votre demande n° D-2026-000001 : {JOINED}." in mail.body
    with chavagne.at_work():
        kept = await Request.get()
    assert (kept.created_by, kept.created_at) == (family.parent.viewer.account_id, chavagne.clock.now())
    waiting = await standing(chavagne, family.parent)
    assert (waiting["onPaper"], waiting["mayJoin"], waiting["recap"]) == (True, False, None)
    assert waiting["requestId"] == global_id("Request", kept.id)
    assert waiting["whyNot"] == (
        "Votre demande n° D-2026-000001 attend le service : suivez-la dans « Dernières demandes »."
    )
    assert refusals(await join(chavagne, family)) == [("STATE_CONFLICT", "householdId")]

    chavagne.on(date(2026, 10, 8))
    assert await decide(chavagne, agent, accept=True) == {"request": {"state": "ACCEPTED"}, "userErrors": []}

    joined = await standing(chavagne, family.parent)
    assert (joined["since"], joined["onPaper"], joined["mayJoin"]) == ("2026-10-08T07:30:00Z", False, False)
    assert joined["whyNot"] == "Vos factures sont en ligne depuis le jeudi 8 octobre 2026."
    assert (await chavagne.mails("request:"))[-1].subject == "Demande n° D-2026-000001 : Traitée positivement"
    assert refusals(await join(chavagne, family)) == [("STATE_CONFLICT", "householdId")]


async def test_a_request_that_is_refused_or_given_up_leaves_paper_and_may_be_asked_again(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    await join(chavagne, family)
    assert (await decide(chavagne, agent, accept=False))["userErrors"] == [
        {"code": "BLANK", "field": ["input", "text"]}
    ]
    assert (await decide(chavagne, agent, accept=False, text="Adresse inconnue."))["request"] == {"state": "REFUSED"}
    again = await join(chavagne, family)
    assert again == made(JOINED, "SENT", "D-2026-000002")
    with chavagne.at_work():
        waiting = await Request.get(number="D-2026-000002")
    cancel = "mutation($id: ID!) { requestCancel(input: {id: $id}) { request { state } } }"
    done = await ask(chavagne, family.parent, cancel, id=global_id("Request", waiting.id))
    assert done == {"requestCancel": {"request": {"state": "CANCELLED"}}}
    found = await standing(chavagne, family.parent)
    assert (found["since"], found["mayJoin"]) == (None, True)


async def test_coming_back_to_paper_holds_at_once_and_leaves_its_request(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    assert refusals(await leave(chavagne, family)) == [("STATE_CONFLICT", "householdId")]
    assert await join(chavagne, family, agent) == made(JOINED)  # what an agent asks for a family holds at once
    assert await leave(chavagne, family) == made(LEFT, number="D-2026-000002")
    found = await standing(chavagne, family.parent)
    assert (found["since"], found["onPaper"], found["mayJoin"]) == (None, True, True)


async def test_the_same_request_twice_is_one(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    for _ in range(2):
        assert await join(chavagne, family, agent, idempotencyKey="une-fois") == made(JOINED)
    for _ in range(2):
        assert await leave(chavagne, family, idempotencyKey="une-fois") == made(LEFT, number="D-2026-000002")
    with chavagne.at_work():
        assert await Request.all().count() == 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"terms": "0"}, [("TERMS_OUTDATED", "terms")]),
        ({"householdId": "rien"}, [("NOT_FOUND", "householdId")]),
        ({"idempotencyKey": ""}, [("INVALID", "idempotencyKey")]),
    ],
)
async def test_what_cannot_be_asked_is_refused_at_its_field_and_nothing_is_kept(
    chavagne: Town, changes: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    family = await add_family(chavagne)
    assert refusals(await join(chavagne, family, **changes)) == told
    with chavagne.at_work():
        assert await Request.all().count() == 0


async def test_who_does_not_pay_changes_nothing(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "TESTBIS")
    guest = await sign_in(chavagne, await add_parent(chavagne, family.id, "Invité TEST", pays=False))
    clerk = await add_agent(chavagne, frozenset({AgentRight.FAMILIES}))
    for signed in (guest, other.parent, clerk):
        assert refusals(await join(chavagne, family, signed)) == [("NOT_FOUND", "householdId")]
        assert refusals(await leave(chavagne, family, signed)) == [("NOT_FOUND", "householdId")]
    seen = await standing(chavagne, guest)
    assert (seen["mayJoin"], seen["whyNot"]) == (False, "Seule une personne qui paie pour ce foyer y adhère.")


async def test_pour_les_activites_payantes_jeunesse_the_creche_is_online_already(epagny: Town) -> None:
    """Épagny: « L'adhésion à la facture en ligne pour les activités payantes (Jeunesse) »."""
    young = await add_family(epagny, services=("enfance-jeunesse",))
    small = await add_family(epagny, "TESTBIS", services=("petite-enfance",))
    assert await join(epagny, young) == made(JOINED, "SENT")
    told = (
        "Vos factures sont déjà en ligne : il n'y a rien à demander. Pour toute question, écrivez à "
        "petite-enfance@epagnymetztesy.fr."
    )
    refused = await join(epagny, small)
    assert refused["userErrors"] == [
        {
            "code": "FEATURE_CLOSED",
            "field": ["input", "householdId"],
            "message": told,
            "contact": "petite-enfance@epagnymetztesy.fr",
        }
    ]
    found = await standing(epagny, small.parent)
    assert (found["onPaper"], found["mayJoin"], found["whyNot"], found["sentence"]) == (False, False, told, None)


@pytest.fixture
def at_once(chavagne: Town) -> Town:
    """Chavagne, if nobody had to accept."""
    standing = chavagne.commune.ask(hookspecs.invoicing)

    @hookimpl
    def invoicing() -> InvoicingPolicy:
        return replace(standing, online=OnlineInvoices(Review.AUTOMATIC))

    return Town(chavagne.commune.trying(SimpleNamespace(invoicing=invoicing)))


async def test_where_nobody_accepts_it_holds_at_once(at_once: Town) -> None:
    family = await add_family(at_once)
    assert await join(at_once, family) == made(JOINED)
    assert (await standing(at_once, family.parent))["onPaper"] is False


async def numbers_to_print(town: Town, agent: Signed, run: str, **page: Any) -> dict[str, Any]:
    """A page of the invoices to print."""
    found: dict[str, Any] = (await ask(town, agent, TO_PRINT, run=run, **page))["invoicesToPrint"]
    return found


async def test_the_invoices_of_a_run_are_printed_for_who_did_not_join(chavagne: Town) -> None:
    agent = await add_agent(chavagne, BILLING)
    families = [await fed_family(chavagne, name) for name in ("TEST", "TESTBIS", "TESTTER")]
    await join(chavagne, families[1], agent)
    chavagne.on(date(2026, 12, 1))
    await checked(chavagne, agent)
    run = global_id("InvoiceRun", (await drawn(chavagne, agent)).id)
    assert await numbers_to_print(chavagne, agent, run) == {
        "totalCount": 0,
        "pageInfo": {"endCursor": None, "hasNextPage": False},
        "nodes": [],
    }
    await issued(chavagne, agent)
    assert len({mail.recipient for mail in await chavagne.mails("invoice:")}) == 3  # everybody is mailed

    with statements() as sent:
        first = await numbers_to_print(chavagne, agent, run, first=1)
    assert len(sent) == 4
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (2, True)
    rest = await numbers_to_print(chavagne, agent, run, first=1, after=first["pageInfo"]["endCursor"])
    assert rest["pageInfo"]["hasNextPage"] is False
    printed = [node["number"] for node in first["nodes"] + rest["nodes"]]
    assert printed == sorted(printed)
    query = "{ viewer { households { invoices { nodes { number } } } } }"
    held = []
    for family in families:
        (household,) = (await ask(chavagne, family.parent, query))["viewer"]["households"]
        held.append(household["invoices"]["nodes"][0]["number"])
    assert {held[0], held[2]} == set(printed)
    assert await numbers_to_print(chavagne, agent, of(families[0])) == {
        "totalCount": 0,
        "pageInfo": {"endCursor": None, "hasNextPage": False},
        "nodes": [],
    }


async def test_nothing_is_printed_where_every_invoice_is_online(melle: Town) -> None:
    family, agent = await add_family(melle), await add_agent(melle, BILLING)
    assert refusals(await join(melle, family)) == [("FEATURE_CLOSED", "householdId")]
    with melle.at_work():
        assert (await Household.get()).invoices_online_since is None
    assert (await numbers_to_print(melle, agent, global_id("InvoiceRun", family.id)))["totalCount"] == 0
