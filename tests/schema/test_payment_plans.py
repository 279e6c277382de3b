"""Payment plans over GraphQL: agreed, read, paid part by part, withdrawn, and ended when a part is missed."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gateway.database import Databases
from plugins.rules.french import euros
from resolvers.models import Instalment, Invoice
from resolvers.paying.plan_agreements import end_missed
from schema.portal import schema
from schema.relay import global_id
from tests.debiting import DEBIT_DAY, made, mandate
from tests.paying import PAID, claimed, hear, pay
from tests.towns import Family, Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

READ = "number remaining { amount } plan { parts { dueOn remaining { amount } isPaid } }"
AGREE = f"""mutation($input: PaymentPlanAgreeInput!) {{ paymentPlanAgree(input: $input) {{
  invoices {{ {READ} }} userErrors {{ code field }} }} }}"""
WITHDRAW = """mutation($input: PaymentPlanWithdrawInput!) { paymentPlanWithdraw(input: $input) {
  invoices { number plan { sentence } } userErrors { code field } } }"""
START = """mutation($input: PaymentStartInput!) { paymentStart(input: $input) {
  payment { amount { amount } } userErrors { code } } }"""
INVOICES = f"{{ viewer {{ households {{ invoices(first: 5) {{ nodes {{ howToPay {READ} }} }} }} }} }}"
TODAY, JANUARY, FEBRUARY, MARCH = date(2026, 12, 4), "2027-01-10", "2027-02-10", "2027-03-10"


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Chavagne in December."""
    town = Town.called("chavagne")
    town.on(TODAY)
    return town


async def asked(town: Town, signed: Signed, text: str, **wanted: Any) -> Any:
    """The only root field of an operation, which must go without any error."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(text, {"input": wanted} if wanted else None, context_value=ctx)
    assert result.errors is None and result.data is not None, result.errors
    (answer,) = result.data.values()
    return answer


async def owing(town: Town, family: Family, cents: int, number: str) -> UUID:
    """An invoice that can be paid online until the end of December."""
    key = await claimed(town, family, meals=cents)
    with town.at_work():
        await Invoice.filter(id=key).update(number=number, payable_until=date(2026, 12, 31))
    return key


def wanted(*invoices: UUID, **changes: Any) -> dict[str, Any]:
    """Three parts from 10 January on."""
    given = {"partCount": 3, "firstDueOn": JANUARY, "reason": "Perte d'emploi", "idempotencyKey": None}
    return {"invoiceIds": [global_id("Invoice", key) for key in invoices], **given, **changes}


async def agreed(town: Town, *invoices: UUID) -> None:
    """The plan of three parts."""
    answer = await asked(town, await add_agent(town), AGREE, **wanted(*invoices))
    assert answer["userErrors"] == []


def parts(*left: str) -> dict[str, Any]:
    """What is left of each of three parts."""
    days = (JANUARY, FEBRUARY, MARCH)
    return {
        "parts": [
            {"dueOn": day, "remaining": {"amount": cents}, "isPaid": cents == "0.00"}
            for day, cents in zip(days, left, strict=True)
        ]
    }


async def read(town: Town, family: Family) -> Any:
    """The invoices as the family reads them."""
    (home,) = (await asked(town, family.parent, INVOICES))["households"]
    return home["invoices"]["nodes"]


async def started(town: Town, family: Family, invoice: UUID, *, whole: bool = False) -> list[str]:
    """What starting a payment asks, or why it does not."""
    given = {"invoiceIds": [global_id("Invoice", invoice)], "route": "payfip", "wholeDebt": whole}
    answer = await asked(town, family.parent, START, **given)
    return [error["code"] for error in answer["userErrors"]] or [answer["payment"]["amount"]["amount"]]


async def test_a_family_reads_its_plan_and_is_mailed_the_dates_once(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    first, second = await owing(town, family, 100_00, "2026-1"), await owing(town, family, 9_00, "2026-2")
    keyed = wanted(first, second, idempotencyKey="échéancier-1")
    done, again = [await asked(town, agent, AGREE, **keyed) for _ in range(2)]
    expected = {
        "2026-1": {"remaining": {"amount": "100.00"}, "plan": parts("33.33", "33.33", "33.34")},
        "2026-2": {"remaining": {"amount": "9.00"}, "plan": parts("3.00", "3.00", "3.00")},
    }
    assert {row.pop("number"): row for row in done["invoices"]} == expected
    assert (again["userErrors"], len(again["invoices"])) == ([], 2)
    told = {row.pop("number"): row for row in await read(town, family)}
    assert told["2026-2"].pop("howToPay")[-1] == (
        f"À régler en 3 fois : {euros(3_00)} avant le dimanche 10 janvier 2027, {euros(3_00)} avant le mercredi 10 "
        f"février 2027, {euros(3_00)} avant le mercredi 10 mars 2027."
    )
    (mail,) = await town.mails("payment-plan-agreed")
    assert "les factures 2026-1 et 2026-2" in mail.body
    assert f"- {euros(36_33)} avant le dimanche 10 janvier 2027\n- {euros(36_33)} avant le mercredi" in mail.body
    with town.at_work():
        assert {row.reason for row in await Instalment.all()} == {"Perte d'emploi"}


async def test_paying_online_asks_for_the_next_part_or_for_the_whole(town: Town) -> None:
    family = await add_family(town)
    invoice = await owing(town, family, 100_00, "2026-1")
    await agreed(town, invoice)
    attempt = await pay(town, family.parent, invoice)
    town.bank.decides(attempt.external_id or "", PAID)
    await hear(town, attempt)
    (row,) = await read(town, family)
    assert (attempt.amount_cents, row["plan"]) == (33_33, parts("0.00", "33.33", "33.34"))
    town.on(date(2027, 2, 11))
    assert await started(town, family, invoice) == ["33.33"]
    town.later(minutes=20)
    assert await started(town, family, invoice, whole=True) == ["PAYMENT_PENDING"]


async def test_a_plan_is_paid_online_to_its_end_although_the_invoice_was_not(town: Town) -> None:
    family = await add_family(town)
    spread, late = await owing(town, family, 100_00, "2026-1"), await owing(town, family, 9_00, "2026-2")
    await agreed(town, spread)
    town.on(date(2027, 3, 12))
    assert [await started(town, family, key, whole=True) for key in (spread, late)] == [["100.00"], ["PAYMENT_CLOSED"]]


async def test_a_plan_that_is_withdrawn_leaves_all_due_and_the_family_is_told_why(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    invoice = await owing(town, family, 100_00, "2026-1")
    await agreed(town, invoice)
    given = {"invoiceId": global_id("Invoice", invoice), "reason": "À la demande de la famille"}
    done, again = [await asked(town, agent, WITHDRAW, **given) for _ in range(2)]
    assert done == {"invoices": [{"number": "2026-1", "plan": None}], "userErrors": []}
    assert again["userErrors"] == [{"code": "NOT_FOUND", "field": ["input", "invoiceId"]}]
    (mail,) = await town.mails("payment-plan-ended")
    assert "Motif : À la demande de la famille" in mail.body
    assert f"Il reste {euros(100_00)} à payer" in mail.body
    assert (await read(town, family))[0]["plan"] is None


async def ended(town: Town, *days: date) -> list[int]:
    """How many plans end on each of these days."""
    found = []
    for day in days:
        town.on(day)
        with town.at_work() as ctx:
            found.append(await end_missed(ctx))
    return found


async def test_a_plan_ends_a_week_after_a_part_was_missed_for_all_its_invoices(town: Town) -> None:
    family = await add_family(town)
    first, second = await owing(town, family, 90_00, "2026-1"), await owing(town, family, 9_00, "2026-2")
    await agreed(town, first, second)
    with town.at_work():
        await Invoice.filter(id=first).update(paid_cents=30_00)
    assert await ended(town, date(2027, 1, 17), date(2027, 1, 18), date(2027, 1, 19)) == [0, 1, 0]
    with town.at_work():
        rows = await Instalment.all().order_by("invoice_id", "position")
    missed = {(row.invoice_id, row.position) for row in rows if row.missed_at is not None}
    assert (missed, {row.withdrawn_at is None for row in rows}) == ({(second, 0)}, {False})
    (mail,) = await town.mails("payment-plan-ended")
    assert f"Il reste {euros(69_00)} à payer" in mail.body


async def test_a_plan_that_is_paid_in_time_is_left_alone(town: Town) -> None:
    family = await add_family(town)
    invoice = await owing(town, family, 90_00, "2026-1")
    await agreed(town, invoice)
    with town.at_work():
        await Invoice.filter(id=invoice).update(paid_cents=30_00)
    assert await ended(town, date(2027, 2, 1)) == [0]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"partCount": 1}, ("INVALID", "partCount")),
        ({"partCount": 13}, ("INVALID", "partCount")),
        ({"partCount": 12}, ("INVALID", "partCount")),
        ({"firstDueOn": "2026-12-03"}, ("INVALID", "firstDueOn")),
        ({"firstDueOn": "2027-12-05"}, ("INVALID", "firstDueOn")),
        ({"firstDueOn": "9999-12-31"}, ("INVALID", "firstDueOn")),  # its second part would be in the year 10000
        ({"reason": " "}, ("BLANK", "reason")),
        ({"invoiceIds": []}, ("NOT_FOUND", "invoiceIds")),
        ({"invoiceIds": [global_id("Invoice", UUID(int=7))]}, ("NOT_FOUND", "invoiceIds")),
    ],
)
async def test_a_plan_that_makes_no_sense_is_refused(
    town: Town, changes: dict[str, Any], refusal: tuple[str, str]
) -> None:
    invoice = await owing(town, await add_family(town), 9_00, "2026-1")
    answer = await asked(town, await add_agent(town), AGREE, **{**wanted(invoice), **changes})
    assert [(each["code"], each["field"][-1]) for each in answer["userErrors"]] == [refusal]


async def test_what_is_paid_spread_collected_or_shared_between_households_is_not_spread(town: Town) -> None:
    family, other, agent = await add_family(town), await add_family(town, "TESTBIS"), await add_agent(town)
    paid, spread, collected, theirs = [
        await owing(town, each, 90_00, f"2026-{rank}") for rank, each in enumerate((family, family, family, other))
    ]
    await agreed(town, spread)
    await mandate(town, family)
    with town.at_work():
        await Invoice.filter(id=paid).update(paid_cents=90_00)
        await Invoice.filter(id=collected).update(debit_on=DEBIT_DAY)
    await made(town, agent)
    answers = [
        await asked(town, agent, AGREE, **wanted(*keys)) for keys in ([paid], [spread], [collected], [spread, theirs])
    ]
    assert [[each["code"] for each in answer["userErrors"]] for answer in answers] == [
        ["ALREADY_PAID"],
        ["STATE_CONFLICT"],
        ["COLLECTION_PENDING"],
        ["NOT_FOUND"],
    ]


async def test_the_treasury_alone_spreads_what_is_paid_there(databases: Databases) -> None:
    town = Town.called("chailles")
    town.on(TODAY)
    invoice = await owing(town, await add_family(town), 90_00, "2026-1")
    answer = await asked(town, await add_agent(town), AGREE, **wanted(invoice))
    assert [each["code"] for each in answer["userErrors"]] == ["PAYMENT_ROUTE_UNAVAILABLE"]
