"""Direct debit over GraphQL: joined, signed, accepted, changed of bank, suspended, ended; and who may not."""

from datetime import date
from typing import Any

import pytest

from plugins.rules.requests import RequestState
from resolvers.context import AgentRight
from resolvers.models import Collection, Mandate, Remittance, Request
from resolvers.models.direct_debits import MandateState
from resolvers.paying.mandate_states import lapse
from schema.portal import schema
from schema.relay import global_id
from tests.debits import FARM, POST, account, collected, joined, scanned
from tests.towns import Signed, Town, add_agent, add_family, add_parent, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MANDATE = "mandate { rum state holder account bic signedOn activeFrom reason }"
REFUSALS = "userErrors { code field message contact }"
PREVIEW = f"""mutation($input: DirectDebitPreviewInput!) {{ directDebitPreview(input: $input) {{
  recap {{ holder account bic creditor conditions replaces }} {REFUSALS} }} }}"""
READ_IBAN = (
    f"mutation($input: DirectDebitIbanReadInput!) {{ directDebitIbanRead(input: $input) {{ iban {REFUSALS} }} }}"
)
OFFER = (
    "{ viewer { households { directDebit { mayJoin whyNot contact creditor conditionsVersion mandates { rum } } } } }"
)
CHAVAGNE = "Mairie de Chavagne (ICS FR10ZZZ535076)"


def does(act: str) -> str:
    """The mutation of one act on a mandate."""
    return f"mutation($input: DirectDebit{act}Input!) {{ directDebit{act}(input: $input) {{ {MANDATE} {REFUSALS} }} }}"


async def ask(town: Town, signed: Signed, text: str, **variables: Any) -> Any:
    """The data of an operation, which must go without any error."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(text, variables, context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def act(town: Town, signed: Signed, name: str, **given: Any) -> Any:
    """The payload of one act on a mandate."""
    return (await ask(town, signed, does(name), input=given))[f"directDebit{name}"]


async def refused(town: Town, signed: Signed, name: str, **given: Any) -> list[tuple[str, str]]:
    """The codes and last fields of what an act was refused for."""
    payload = await act(town, signed, name, **given)
    assert payload["mandate"] is None
    return [(each["code"], (each["field"] or ["", ""])[-1]) for each in payload["userErrors"]]


def made(**changes: Any) -> dict[str, Any]:
    """A mandate just made out by Chavagne, as its household reads it."""
    mandate = {
        "rum": "ENF-2026-000001",
        "state": "TO_SIGN",
        "holder": "Parent TEST",
        "account": "FR14 •••• •••• 2606",
        "bic": "PSSTFRPP",
        "signedOn": None,
        "activeFrom": None,
        "reason": "",
    }
    return {"mandate": {**mandate, **changes}, "userErrors": []}


def of(mandate: Mandate) -> str:
    """The identifier of a mandate."""
    return global_id("Mandate", mandate.id)


async def test_10_adhesion_au_prelevement_a_recap_first_then_a_mandate_and_an_acknowledgement(chavagne: Town) -> None:
    """Chavagne, §10: coordinates, « J'accepte les conditions générales », « le récapitulatif », « valider »."""
    family = await add_family(chavagne)
    offer = (await ask(chavagne, family.parent, OFFER))["viewer"]["households"][0]["directDebit"]
    assert offer == {
        "mayJoin": True,
        "whyNot": None,
        "contact": None,
        "creditor": CHAVAGNE,
        "conditionsVersion": "1",
        "mandates": [],
    }
    recap = (await ask(chavagne, family.parent, PREVIEW, input=account(family)))["directDebitPreview"]
    conditions = recap["recap"].pop("conditions")
    assert conditions.startswith("Le montant et la date de chaque prélèvement figurent sur la facture.")
    assert recap == {
        "recap": {
            "holder": "Parent TEST",
            "account": "FR14 •••• •••• 2606 (LA BANQUE POSTALE)",
            "bic": "PSSTFRPP",
            "creditor": CHAVAGNE,
            "replaces": None,
        },
        "userErrors": [],
    }
    with chavagne.at_work():
        assert (await Mandate.all().count(), await Request.all().count()) == (0, 0)

    assert await act(chavagne, family.parent, "Join", **account(family)) == made()
    (mail,) = await chavagne.mails("mandate:")
    with chavagne.at_work():
        mandate, request = await Mandate.get(), await Request.get()
    assert mail.subject == "Demande n° D-2026-000001 : votre mandat de prélèvement à signer"
    assert f"https://portail.example/chavagne/mandates/{mandate.id}.pdf" in mail.body
    assert (request.state, request.title) == (RequestState.AWAITING_FAMILY, "Adhésion au prélèvement automatique")
    assert "20041010" not in mandate.iban
    assert "20041010" not in mail.body


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"iban": "FR2830006000011234567890180"}, [("INVALID", "iban")]),
        ({"iban": "FR14"}, [("INVALID", "iban")]),
        (
            {"holder": " ", "iban": "", "conditions": "0"},
            [("BLANK", "holder"), ("TERMS_OUTDATED", "conditions"), ("INVALID", "iban")],
        ),
        ({"holder": "T" * 71}, [("INVALID", "holder")]),
        ({"holder": "TEST\nTEST"}, [("INVALID", "holder")]),
        ({"householdId": "rien"}, [("NOT_FOUND", "householdId")]),
        ({"idempotencyKey": ""}, [("INVALID", "idempotencyKey")]),
    ],
)
async def test_what_cannot_be_collected_is_refused_at_its_field_and_nothing_is_kept(
    chavagne: Town, changes: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    family = await add_family(chavagne)
    assert await refused(chavagne, family.parent, "Join", **account(family, **changes)) == told
    with chavagne.at_work():
        assert (await Mandate.all().count(), await Request.all().count()) == (0, 0)


async def test_the_same_request_twice_makes_one_mandate_and_another_one_waits_for_it(chavagne: Town) -> None:
    family = await add_family(chavagne)
    for _ in range(2):
        given = account(family, idempotencyKey="une-fois")
        assert await act(chavagne, family.parent, "Join", **given) == made()
    again = await refused(chavagne, family.parent, "Join", **account(family, iban=FARM))
    assert again == [("STATE_CONFLICT", "householdId")]


async def test_it_is_signed_accepted_and_takes_effect_at_the_next_invoicing(chavagne: Town) -> None:
    """« À compter de la prochaine facturation »: invoices issued the day after the mandate holds, or later."""
    family, agent = await add_family(chavagne), await add_agent(chavagne, frozenset({AgentRight.BILLING}))
    mandate = await joined(chavagne, family)
    chavagne.on(date(2026, 10, 7))
    given = {"id": of(mandate), "documentId": global_id("Document", await scanned(chavagne, family))}
    for day in ("2026-10-04", "2026-10-08"):
        assert await refused(chavagne, family.parent, "Sign", **given, signedOn=day) == [("INVALID", "signedOn")]
    signed = await act(chavagne, family.parent, "Sign", **given, signedOn="2026-10-06")
    assert signed == made(state="ASKED", signedOn="2026-10-06")
    chavagne.on(date(2026, 10, 9))
    queue = await ask(chavagne, agent, "{ mandates(state: ASKED, first: 10) { totalCount nodes { rum pdfUrl } } }")
    assert queue["mandates"] == {"totalCount": 1, "nodes": [{"rum": "ENF-2026-000001", "pdfUrl": None}]}

    done = await act(chavagne, agent, "Decide", id=of(mandate), accept=True)

    assert done == made(state="ACTIVE", signedOn="2026-10-06", activeFrom="2026-10-10")
    mail = (await chavagne.mails("mandate:"))[-1]
    assert "vos factures émises à partir du samedi 10 octobre 2026 seront prélevées" in mail.body
    with chavagne.at_work():
        assert (await Request.get()).state is RequestState.ACCEPTED
    assert await refused(chavagne, agent, "Decide", id=of(mandate), accept=True) == [("STATE_CONFLICT", "id")]


async def test_a_mandate_brought_on_paper_is_dated_by_the_agent_or_refused_with_a_reason(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    mandate = await joined(chavagne, family)
    assert await refused(chavagne, agent, "Decide", id=of(mandate), accept=True) == [("BLANK", "signedOn")]
    assert await refused(chavagne, agent, "Decide", id=of(mandate), accept=False) == [("BLANK", "text")]
    done = await act(chavagne, agent, "Decide", id=of(mandate), accept=False, text="La signature manque.")
    assert done == made(state="ENDED", reason="La signature manque.")
    again = await joined(chavagne, family)
    assert (again.rum, again.amends) == ("ENF-2026-000002", None)
    done = await act(chavagne, agent, "Decide", id=of(again), accept=True, signedOn="2026-10-05")
    assert (done["mandate"]["state"], done["mandate"]["activeFrom"]) == ("ACTIVE", "2026-10-06")


async def test_only_a_signed_mandate_of_the_household_is_sent(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "TESTBIS")
    mandate = await joined(chavagne, family)
    for document in (await scanned(chavagne, family, "rib"), await scanned(chavagne, other)):
        given = {"id": of(mandate), "documentId": global_id("Document", document), "signedOn": "2026-10-05"}
        assert await refused(chavagne, family.parent, "Sign", **given) == [("NOT_FOUND", "documentId")]


async def test_in_case_of_another_bank_the_new_mandate_replaces_the_old_one_once_it_is_accepted(chavagne: Town) -> None:
    """Chavagne, §10: « Pensez à modifier ces informations en cas de changement de domiciliation bancaire. »"""
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    old = await collected(chavagne, family, agent)
    assert await refused(chavagne, family.parent, "Join", **account(family)) == [("STATE_CONFLICT", "iban")]
    chavagne.on(date(2026, 11, 3))
    recap = await ask(chavagne, family.parent, PREVIEW, input=account(family, iban=FARM))
    assert recap["directDebitPreview"]["recap"]["replaces"] == old.rum
    new = await joined(chavagne, family, FARM)
    with chavagne.at_work():
        assert (await Mandate.get(id=old.id)).state is MandateState.ACTIVE
    done = await act(chavagne, agent, "Decide", id=of(new), accept=True, signedOn="2026-11-03")

    assert done["mandate"]["activeFrom"] == "2026-10-06"  # what is still to be collected goes to the new account
    with chavagne.at_work():
        ended, held = await Mandate.get(id=old.id), await Mandate.get(id=new.id)
    assert (ended.state, ended.reason) == (MandateState.ENDED, "un autre mandat le remplace")
    assert (held.amends, held.iban_end, held.bic) == (old.id, "0189", "AGRIFRPPXXX")


async def test_it_is_suspended_resumed_and_ended_on_request_and_told_each_time(chavagne: Town) -> None:
    """« Il peut être suspendu à tout moment »: by the family, or by an agent who says why."""
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    mandate = await collected(chavagne, family, agent)
    chavagne.on(date(2026, 10, 20))
    held = {"signedOn": "2026-10-05", "activeFrom": "2026-10-06"}
    told = made(state="SUSPENDED", reason="à votre demande", **held)
    assert await act(chavagne, family.parent, "Suspend", id=of(mandate)) == told
    assert await refused(chavagne, family.parent, "Suspend", id=of(mandate)) == [("STATE_CONFLICT", "id")]
    resumed = await act(chavagne, family.parent, "Resume", id=of(mandate))
    assert resumed == made(state="ACTIVE", signedOn="2026-10-05", activeFrom="2026-10-21")
    assert await refused(chavagne, agent, "End", id=of(mandate)) == [("BLANK", "reason")]
    assert await refused(chavagne, agent, "End", id=of(mandate), reason="x" * 201) == [("INVALID", "reason")]
    ended = await act(chavagne, agent, "End", id=of(mandate), reason="départ de la commune")
    assert (ended["mandate"]["state"], ended["mandate"]["reason"]) == ("ENDED", "départ de la commune")
    mails = [mail.body for mail in await chavagne.mails("mandate:")]
    assert [next(line for line in body.splitlines() if "ENF-2026-000001" in line) for body in mails[2:]] == [
        "Vos factures ne sont plus prélevées avec le mandat ENF-2026-000001 : à votre demande.",
        "Votre mandat de prélèvement ENF-2026-000001 est en place : vos factures émises à partir du mercredi 21 "
        "octobre 2026 seront prélevées.",
        "Vos factures ne sont plus prélevées avec le mandat ENF-2026-000001 : départ de la commune.",
    ]
    with chavagne.at_work():
        titles = [request.title for request in await Request.all().order_by("number")]
    assert titles == [
        "Adhésion au prélèvement automatique",
        *(f"{act} du prélèvement automatique (mandat ENF-2026-000001)" for act in ("Suspension", "Reprise", "Arrêt")),
    ]


async def test_what_two_rejects_suspended_is_resumed_by_the_service_alone(epagny: Town) -> None:
    """Épagny: « soit au bout de deux rejets de prélèvements »; the count starts again."""
    family = await add_family(epagny, services=("petite-enfance",))
    agent = await add_agent(epagny)
    mandate = await joined(epagny, family, by=agent)
    with epagny.at_work():
        await Mandate.filter(id=mandate.id).update(state=MandateState.SUSPENDED, rejects=2, reason="2 rejets")
    assert await refused(epagny, family.parent, "Resume", id=of(mandate)) == [("STATE_CONFLICT", "id")]
    assert (await act(epagny, agent, "Resume", id=of(mandate)))["mandate"]["state"] == "ACTIVE"
    with epagny.at_work():
        assert (await Mandate.get()).rejects == 0


async def test_regler_par_prelevement_the_families_of_the_creche_write_and_the_service_makes_the_mandate(
    epagny: Town,
) -> None:
    """Épagny: « Transmettre un RIB à la directrice […] À réception, un mandat vous parviendra par mail »."""
    family = await add_family(epagny, services=("petite-enfance",))
    agent = await add_agent(epagny)
    payload = await act(epagny, family.parent, "Join", **account(family))
    (told,) = payload["userErrors"]
    assert (told["code"], told["contact"]) == ("FEATURE_CLOSED", "petite-enfance@epagnymetztesy.fr")
    assert "transmettez un RIB à la directrice de la structure" in told["message"]
    offer = (await ask(epagny, family.parent, OFFER))["viewer"]["households"][0]["directDebit"]
    assert (offer["mayJoin"], offer["whyNot"], offer["contact"]) == (False, told["message"], told["contact"])
    done = await act(epagny, agent, "Join", **account(family))
    assert done == made(rum="EMT-2026-000001")
    (mail,) = await epagny.mails("mandate:")
    assert (mail.recipient, "mandat EMT-2026-000001" in mail.body) == (family.parent.viewer.email, True)
    school = await add_family(epagny, "TESTBIS", services=("enfance-jeunesse",))
    assert await refused(epagny, school.parent, "Join", **account(school)) == [
        ("PAYMENT_ROUTE_UNAVAILABLE", "householdId")
    ]


async def test_demande_de_prelevement_the_mandate_is_downloaded_and_signed_with_the_file(melle: Town) -> None:
    """Melle: « Mandat de prélèvement SEPA (à télécharger sur l'espace familles) », then in the vault with the RIB."""
    family, agent = await add_family(melle), await add_agent(melle)
    mandate = await joined(melle, family)
    given = {"id": of(mandate), "documentId": global_id("Document", await scanned(melle, family))}
    signed = await act(melle, family.parent, "Sign", **given, signedOn="2026-10-05")
    assert signed == made(rum="EDU-2026-000001", state="ASKED", signedOn="2026-10-05")
    decide = (
        "mutation($id: ID!) { requestDecide(input: {id: $id, accept: true}) { request { state } userErrors { code } } }"
    )
    with melle.at_work():
        request = await Request.get()
    done = await ask(melle, agent, decide, id=global_id("Request", request.id))
    assert done["requestDecide"] == {"request": {"state": "ACCEPTED"}, "userErrors": []}
    with melle.at_work():
        assert (await Mandate.get()).state is MandateState.ACTIVE


async def test_a_request_that_the_family_gives_up_ends_its_mandate(chavagne: Town) -> None:
    family = await add_family(chavagne)
    await joined(chavagne, family)
    with chavagne.at_work():
        request = await Request.get()
    cancel = "mutation($id: ID!) { requestCancel(input: {id: $id}) { request { state } } }"
    done = await ask(chavagne, family.parent, cancel, id=global_id("Request", request.id))
    assert done == {"requestCancel": {"request": {"state": "CANCELLED"}}}
    with chavagne.at_work():
        ended = await Mandate.get()
    assert (ended.state, ended.reason) == (MandateState.ENDED, "demande annulée")


async def test_who_does_not_pay_reads_no_account_and_changes_nothing(chavagne: Town) -> None:
    """A parent who sees the file and books, another household, an agent of another right."""
    family, other = await add_family(chavagne), await add_family(chavagne, "TESTBIS")
    guest = await sign_in(chavagne, await add_parent(chavagne, family.id, "Invité TEST", pays=False))
    agent = await add_agent(chavagne, frozenset({AgentRight.FAMILIES}))
    mandate = await collected(chavagne, family, await add_agent(chavagne))
    node = "query($id: ID!) { node(id: $id) { id } }"
    for signed in (guest, other.parent, agent):
        assert await ask(chavagne, signed, node, id=of(mandate)) == {"node": None}
        for name in ("Suspend", "Resume", "End"):
            assert await refused(chavagne, signed, name, id=of(mandate)) == [("NOT_FOUND", "id")]
        assert await refused(chavagne, signed, "Join", **account(family)) == [("NOT_FOUND", "householdId")]
    seen = (await ask(chavagne, guest, OFFER))["viewer"]["households"][0]["directDebit"]
    assert (seen["mayJoin"], seen["mandates"]) == (False, [])


async def test_an_agent_reads_a_whole_account_and_the_family_reads_that_it_was_read(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne, frozenset({AgentRight.BILLING}))
    mandate = await joined(chavagne, family)
    read = await ask(chavagne, agent, READ_IBAN, input={"id": of(mandate)})
    assert read["directDebitIbanRead"] == {"iban": POST.replace(" ", ""), "userErrors": []}
    history = "query($id: ID!) { node(id: $id) { ... on Request { history { byAgent text } } } }"
    told = await ask(chavagne, family.parent, history, id=global_id("Request", mandate.request_id or ""))
    assert told["node"]["history"][-1] == {"byAgent": True, "text": "Un agent a consulté l'IBAN en entier."}
    unknown = await ask(chavagne, agent, READ_IBAN, input={"id": global_id("Mandate", family.id)})
    assert unknown["directDebitIbanRead"]["iban"] is None


async def test_a_mandate_that_nobody_used_for_36_months_ends_and_its_household_is_told(chavagne: Town) -> None:
    """One that was collected since goes on."""
    agent = await add_agent(chavagne)
    families = [await add_family(chavagne, name) for name in ("TEST", "TESTBIS")]
    unused, used = [await collected(chavagne, family, agent) for family in families]
    with chavagne.at_work() as ctx:
        sent = await Remittance.create(
            message_id="M1",
            version="pain.008.001.08",
            collect_on=date(2027, 1, 15),
            count=1,
            total_cents=100,
            made_by=used.id,
            made_at=ctx.now,
        )
        await Collection.create(
            household_id=used.household_id,
            remittance_id=sent.id,
            mandate_id=used.id,
            invoice_id=used.id,
            end_to_end_id="E1",
            sequence="FRST",
            cents=100,
        )
    for day, lapsed in ((date(2029, 10, 4), 0), (date(2029, 10, 5), 1), (date(2029, 10, 6), 0)):
        chavagne.on(day)
        with chavagne.at_work() as ctx:
            assert await lapse(ctx) == lapsed
    with chavagne.at_work():
        assert {row.id: row.state for row in await Mandate.all()} == {
            unused.id: MandateState.ENDED,
            used.id: MandateState.ACTIVE,
        }
    assert "il n'a pas servi depuis 36 mois" in (await chavagne.mails("mandate:"))[-1].body
