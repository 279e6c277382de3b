"""A quotient familial over GraphQL: what a family reads, declares and is refused, what an agent records."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gateway.database import Databases
from resolvers.context import AgentRight
from resolvers.files import documents
from resolvers.ports import FundAnswer, FundChild
from resolvers.requests.decisions import decide_request
from schema.relay import global_id, parse_uuid
from tests.asking import data_of
from tests.towns import Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

QUOTIENTS = """{ viewer { households { quotients {
  euros since sentence mayDeclare isReviewed whyNot contact history { euros month state source } } } } }"""
OF_A_HOUSEHOLD = "query($id: ID!) { node(id: $id) { ... on Household { quotients { euros history { euros } } } } }"
DECLARE = """mutation($input: QuotientDeclareInput!) { quotientDeclare(input: $input) {
  quotient { euros month state source request } userErrors { code field message contact } } }"""
RECORD = """mutation($input: QuotientRecordInput!) { quotientRecord(input: $input) {
  quotient { euros state source request } userErrors { code field } } }"""


@pytest.fixture
async def mesnil(databases: Databases) -> Town:
    """« 3 - Déclarer votre nouveau QF »: families declare, an agent checks."""
    return Town.called("mesnil")


async def quotients(town: Town, signed: Signed) -> Any:
    """The quotients of the only household of a person."""
    (household,) = (await data_of(town, signed, QUOTIENTS))["viewer"]["households"]
    return household["quotients"]


def notice(household: UUID, **changes: Any) -> dict[str, Any]:
    """What a declaration says."""
    return {"householdId": global_id("Household", household), "euros": 480, "month": "2026-10", **changes}


async def test_a_family_declares_and_reads_which_quotient_prices_before_and_after_the_decision(mesnil: Town) -> None:
    family, agent = await add_family(mesnil, quotient=None), await add_agent(mesnil)
    assert await quotients(mesnil, family.parent) == {
        "euros": None,
        "since": None,
        "sentence": "Aucun quotient familial applicable à cette date : chaque activité est facturée au tarif prévu "
        "sans quotient familial.",
        "mayDeclare": True,
        "isReviewed": True,
        "whyNot": None,
        "contact": None,
        "history": [],
    }
    done = (await data_of(mesnil, family.parent, DECLARE, input=notice(family.id)))["quotientDeclare"]
    request = parse_uuid(done["quotient"].pop("request"), "Request")
    waiting = {"euros": 480, "month": "2026-10", "state": "WAITING", "source": "DECLARED"}
    assert done == {"quotient": waiting, "userErrors": []}
    assert request is not None
    with mesnil.asked_by(agent) as ctx:
        await decide_request(ctx, request, accept=True)
    found = await quotients(mesnil, family.parent)
    assert (found["euros"], found["since"], found["history"]) == (480, "2026-10-01", [{**waiting, "state": "ACCEPTED"}])


async def test_the_notice_of_the_fund_is_kept_in_the_vault_and_joined_to_the_declaration(mesnil: Town) -> None:
    family = await add_family(mesnil, quotient=None)
    with mesnil.asked_by(family.parent) as ctx:
        assert documents.kinds(ctx)["attestation-caf"] == "Attestation de la CAF ou de la MSA"
        kept = await documents.add(
            ctx,
            documents.Place(family.id, None, "attestation-caf"),
            documents.Deposit("application/pdf", "pdf", b"%PDF-1.7 une attestation"),
        )
    given = notice(family.id, documentIds=[global_id("Document", kept.id)])
    done = (await data_of(mesnil, family.parent, DECLARE, input=given))["quotientDeclare"]
    joined = "query($id: ID!) { node(id: $id) { ... on Request { history { documentIds } } } }"
    request = (await data_of(mesnil, family.parent, joined, id=done["quotient"]["request"]))["node"]
    assert request == {"history": [{"documentIds": [global_id("Document", kept.id)]}]}


async def test_an_agent_records_a_quotient_and_reads_those_of_a_household(mesnil: Town) -> None:
    family, agent = await add_family(mesnil, quotient=None), await add_agent(mesnil, frozenset({AgentRight.FAMILIES}))
    assert (await data_of(mesnil, agent, RECORD, input=notice(family.id)))["quotientRecord"] == {
        "quotient": {"euros": 480, "state": "ACCEPTED", "source": "AGENT", "request": None},
        "userErrors": [],
    }
    node = await data_of(mesnil, agent, OF_A_HOUSEHOLD, id=global_id("Household", family.id))
    assert node == {"node": {"quotients": {"euros": 480, "history": [{"euros": 480}]}}}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"householdId": "rien"}, "NOT_FOUND", "householdId"),
        ({"month": "2026-13"}, "INVALID", "month"),
        ({"month": "octobre"}, "INVALID", "month"),
        ({"euros": -5}, "INVALID", "euros"),
    ],
)
async def test_a_malformed_notice_is_refused_at_its_field(
    mesnil: Town, changes: dict[str, Any], code: str, field: str
) -> None:
    family, agent = await add_family(mesnil), await add_agent(mesnil)
    given = notice(family.id, **changes)
    for signed, text, name in ((family.parent, DECLARE, "quotientDeclare"), (agent, RECORD, "quotientRecord")):
        (told,) = (await data_of(mesnil, signed, text, input=given))[name]["userErrors"]
        assert (told["code"], told["field"]) == (code, ["input", field])


async def test_a_document_that_is_none_is_refused(mesnil: Town) -> None:
    family = await add_family(mesnil)
    done = await data_of(mesnil, family.parent, DECLARE, input=notice(family.id, documentIds=["rien"]))
    assert done["quotientDeclare"]["userErrors"][0]["field"] == ["input", "documentIds"]


async def test_where_nothing_is_declared_online_the_family_reads_where_to_write(databases: Databases) -> None:
    town = Town.called("chavagne")
    family = await add_family(town)
    found = await quotients(town, family.parent)
    mailbox = "portail.familles@chavagne.fr"
    why = f"Ici, le quotient familial ne se déclare pas en ligne : envoyez votre attestation à {mailbox}."
    assert (found["mayDeclare"], found["whyNot"], found["contact"]) == (False, why, mailbox)


FETCH = """mutation($input: QuotientFetchInput!) { quotientFetch(input: $input) {
  quotient { euros month state source } userErrors { code message } } }"""
CONSENT = "{ viewer { households { quotients { euros fundConsent { label text version isGranted } } } } }"


async def test_a_family_reads_the_consent_agrees_and_gets_its_quotient_from_the_fund(databases: Databases) -> None:
    """Chavagne, §6: « Autorisation d'accès au quotient familial »."""
    town = Town.called("chavagne")
    family = await add_family(town, quotient=None)
    (household,) = (await data_of(town, family.parent, CONSENT))["viewer"]["households"]
    assert household["quotients"]["fundConsent"] == {
        "label": "Autorisation d'accès au quotient familial",
        "text": "J'autorise le service Enfance à consulter mon quotient familial auprès de la CAF.",
        "version": "1",
        "isGranted": False,
    }
    given = {
        "householdId": global_id("Household", family.id),
        "birthDate": "1985-06-15",
        "birthTown": "35238",
        "sex": "FEMALE",
        "agreesTo": "1",
    }
    unknown = (await data_of(town, family.parent, FETCH, input=given))["quotientFetch"]
    assert (unknown["quotient"], unknown["userErrors"][0]["code"]) == (None, "CAF_UNKNOWN")
    town.fund.answer = FundAnswer(480, date(2026, 10, 1), (FundChild("ENFANT1", date(2018, 3, 14)),))
    found = (await data_of(town, family.parent, FETCH, input=given))["quotientFetch"]
    assert found == {
        "quotient": {"euros": 480, "month": "2026-10", "state": "ACCEPTED", "source": "CAF"},
        "userErrors": [],
    }
    (household,) = (await data_of(town, family.parent, CONSENT))["viewer"]["households"]
    assert (household["quotients"]["euros"], household["quotients"]["fundConsent"]["isGranted"]) == (480, True)


async def test_where_the_commune_may_not_ask_the_fund_there_is_nothing_to_agree_to(mesnil: Town) -> None:
    family = await add_family(mesnil)
    mesnil.fund.communes.clear()
    (household,) = (await data_of(mesnil, family.parent, CONSENT))["viewer"]["households"]
    assert household["quotients"]["fundConsent"] is None
