"""Households of one town, whose every text carries a mark: a mark that is read elsewhere is a leak.

The rows are those of a year of use: accounts, files, bookings, invoices, payments, mails.
"""

import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from plugins import hookspecs
from plugins.rules.custody import CustodyPattern
from plugins.rules.entourage import Permission
from plugins.rules.requests import RequestKind, RequestState
from plugins.rules.service_keys import draw_key
from resolvers import models
from resolvers.access.tokens import fingerprint
from resolvers.context import AccountKind
from resolvers.models.accounts import LinkPurpose, SessionKind
from resolvers.models.billing import InvoiceState
from resolvers.models.bookings import ChangeKind, Presence
from resolvers.models.dossiers import DossierState
from resolvers.models.effects import EffectKind
from resolvers.models.families import ChangeState
from resolvers.models.households import Role
from resolvers.models.keys import new_key
from resolvers.models.payments import AttemptState
from resolvers.models.requests import RequestEventKind
from resolvers.ports import PaymentOutcome, PaymentReport
from schema.relay import global_id
from tests.towns import SCHOOL_YEAR, Town

SEEN_DAY = date(2026, 9, 10)  # a Thursday of class, before the town's clock
PASSWORD = "Un-Mot2Passe-connu"


@dataclass(slots=True)
class Planted:
    """A household: its mark, the keys of its rows, their identifiers in the schema, and what only its members know."""

    town: Town
    mark: str
    keys: set[UUID] = field(default_factory=set)
    ids: list[str] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    household: UUID = field(default_factory=new_key)
    parent: models.Account = field(init=False)
    newcomer: models.Account = field(init=False)
    child: UUID = field(init=False)

    @property
    def now(self) -> datetime:
        """The present instant of the town."""
        return self.town.clock.now()

    def sealed(self, text: str) -> str:
        """A text with the mark, as it is kept: nobody reads the mark in the table."""
        return self.town.ports.sealer.seal(f"{self.mark}-{text}")

    async def row(self, model: type[Model], shown_as: str = "", **values: Any) -> Any:
        """Write a row whose texts carry the mark, unless they are given; ``shown_as`` is its type in the schema."""
        texts = {
            name: f"{self.mark}-{len(self.keys)}-{name}"[: getattr(column, "max_length", None)]
            for name, column in model._meta.fields_map.items()
            if is_free_text(column) and name not in values
        }
        written = await model.create(**{**texts, **values})
        self.keys.add(written.pk)
        if shown_as:
            self.ids.append(global_id(shown_as, written.pk))
        return written

    async def owned(self, model: type[Model], shown_as: str = "", **values: Any) -> Any:
        """Write a row of the household."""
        return await self.row(model, shown_as, household_id=self.household, **values)

    async def of_child(self, model: type[Model], shown_as: str = "", **values: Any) -> Any:
        """Write a row of the child."""
        return await self.owned(model, shown_as, child_id=self.child, **values)


def is_free_text(column: Any) -> bool:
    """True for a column that holds any text, and not the names of an enumeration."""
    return isinstance(column, fields.CharField | fields.TextField) and not hasattr(column, "enum_type")


async def plant(town: Town, mark: str) -> Planted:
    """Fill every table that says something of a household. ``mark`` is at most 9 characters: a postcode holds 10."""
    planted = Planted(town, mark)
    with town.at_work():
        await _plant_members(planted)
        await _plant_account(planted)
        await _plant_dossiers(planted)
        await _plant_documents(planted)
        await _plant_requests(planted)
        await _plant_changes(planted)
        await _plant_bookings(planted)
        for sequence, state in enumerate((AttemptState.PAID, AttemptState.RUNNING, None), start=1):
            await _plant_invoice(planted, sequence, state)
        await _plant_traces(planted)
    return planted


async def _plant_members(planted: Planted) -> None:
    await planted.row(models.Household, "Household", id=planted.household, services=["enfance"], created_at=planted.now)
    await planted.owned(models.QuotientFamilial, euros=650, valid_from=SEEN_DAY, recorded_at=planted.now)
    child = await planted.row(models.Person, "Child", birth_date=date(2018, 3, 14))
    planted.child = child.id
    planted.ids.append(global_id("Person", child.id))
    await planted.owned(models.Membership, person_id=child.id, role=Role.CHILD)
    terms = planted.town.commune.ask(hookspecs.terms).version
    planted.parent = await _plant_adult(planted, Role.REPRESENTATIVE, accepted_terms=terms)
    planted.newcomer = await _plant_adult(planted, Role.CO_REPRESENTATIVE, password_is_generated=True)
    invited = await planted.row(models.Person, "Person", email=f"{planted.mark}@example.org")
    await planted.owned(models.Membership, person_id=invited.id, role=Role.CO_REPRESENTATIVE)
    contact = await planted.row(models.Person, "Person")
    await planted.owned(models.Membership, person_id=contact.id, role=Role.CONTACT)
    await planted.of_child(
        models.ContactPermission, contact_id=contact.id, permission=Permission.CALL, since=planted.now
    )
    await planted.of_child(
        models.Custody,
        pattern=CustodyPattern.WEEKDAYS,
        weekdays=[1, 2, 3, 4, 5, 6, 7],
        first_day=SEEN_DAY,
        decided_at=planted.now,
    )


async def _plant_adult(planted: Planted, role: Role, **state: Any) -> models.Account:
    person = await planted.row(models.Person, "Person", birth_date=None)
    await planted.owned(models.Membership, person_id=person.id, role=role, sees=True, books=True, pays=True)
    account: models.Account = await planted.row(
        models.Account,
        "Account",
        kind=AccountKind.FAMILY,
        login=f"{planted.mark}-{role.name}".casefold(),
        email=f"{planted.mark}-{role.name}@example.org".casefold(),
        password_hash=await planted.town.ports.passwords.hash(PASSWORD),
        activated_at=planted.now,
        person_id=person.id,
        created_at=planted.now,
        **state,
    )
    return account


async def _plant_account(planted: Planted) -> None:
    """What hangs on the first parent's account; the tokens are the secrets, the tables hold their fingerprints."""
    account, later = planted.parent.id, planted.now + timedelta(hours=10)
    planted.secrets = {"password": PASSWORD, "login": planted.parent.login, "email": planted.parent.email}
    await planted.row(models.TermsAcceptance, account_id=account, accepted_at=planted.now)
    for purpose in LinkPurpose:
        token = planted.secrets[purpose.name] = f"{planted.mark}-secret-{purpose.name}"
        await planted.row(
            models.OneTimeLink, account_id=account, purpose=purpose, token_hash=fingerprint(token), expires_at=later
        )
    for kind in SessionKind:
        session = await planted.row(
            models.Session,
            "Session",
            account_id=account,
            kind=kind,
            token_hash=fingerprint(f"{planted.mark}-{kind.name}"),
            created_at=planted.now,
            expires_at=later,
            ends_at=later,
        )
    key = planted.secrets["service key"] = draw_key(secrets.choice)
    await planted.owned(
        models.ServiceKey,
        person_id=planted.parent.person_id,
        key_hash=planted.town.ports.sealer.marks(key)[0],
        created_by=new_key(),
        created_at=planted.now,
        expires_at=later,
    )
    tokens = {side: f"{planted.mark}-secret-{side}" for side in ("old", "new")}
    planted.secrets["new address"] = tokens["new"]
    hashes = {f"{side}_token_hash": fingerprint(token) for side, token in tokens.items()}
    await planted.row(models.SecondFactor, account_id=account, created_at=planted.now)
    await planted.row(models.EmailChange, account_id=account, created_at=planted.now, expires_at=later, **hashes)
    await planted.row(models.ReminderWish, account_id=account, hours_before=24, changed_at=planted.now)
    await planted.owned(models.CalendarFeed, "CalendarFeed", account_id=account, created_at=planted.now)
    refresh = planted.secrets["refresh"] = f"{planted.mark}-secret-refresh"
    await planted.row(models.RefreshToken, session_id=session.id, token_hash=fingerprint(refresh))


async def _plant_dossiers(planted: Planted) -> None:
    """A complete draft, and a file that waits; the answers are sealed, and say the mark to who may read them."""
    by = str(planted.parent.id)
    given = {"version": "1", "granted": True, "by": by, "at": planted.now.isoformat(), "mark": planted.mark}
    answer = {"value": planted.mark, "at": planted.now.isoformat(), "by": by, "copied_from": ""}
    for start, state in ((2026, DossierState.DRAFT), (2025, DossierState.SUBMITTED)):
        dossier = await planted.of_child(
            models.Dossier,
            "Dossier",
            school_year=start,
            state=state,
            consents={"photo-video": given, "quotient-familial": given},
            answers=planted.town.ports.sealer.seal(json.dumps({"ecole": answer})),
            submitted_at=planted.now,
            created_at=planted.now,
        )
    await planted.owned(models.DossierPiece, dossier_id=dossier.id)
    await planted.owned(models.DossierReading, dossier_id=dossier.id, account_id=new_key(), at=planted.now)
    answered: dict[str, Any] = {"account_id": planted.parent.id, "granted": True, "at": planted.now}
    await planted.of_child(models.ConsentGiven, **answered)
    await planted.of_child(models.ConsentGiven, code="photo-video", version="1", **answered)


async def _plant_documents(planted: Planted) -> None:
    """A document that waits, with its sealed file and the proof of a reading."""
    document = await planted.of_child(
        models.Document, "Document", size=7, added_by=planted.parent.id, added_at=planted.now
    )
    sealed = planted.town.ports.sealer.seal_bytes(planted.mark.encode())
    await planted.owned(models.DocumentContent, document_id=document.id, sealed=sealed)
    await planted.owned(models.DocumentReading, document_id=document.id, account_id=planted.parent.id, at=planted.now)


async def _plant_requests(planted: Planted) -> None:
    """A question that nobody looked at, and one that waits for the family; what was written is sealed."""
    for state in (RequestState.SENT, RequestState.AWAITING_FAMILY):
        request = await planted.of_child(
            models.Request,
            "Request",
            kind=RequestKind.OTHER,
            state=state,
            service="enfance",
            details=planted.sealed("question"),
            created_by=planted.parent.id,
            created_at=planted.now,
            updated_at=planted.now,
        )
        await planted.owned(
            models.RequestEvent,
            request_id=request.id,
            kind=RequestEventKind.STATE,
            state=state,
            by_agent=False,
            account_id=planted.parent.id,
            text=planted.sealed("message"),
            at=planted.now,
        )


async def _plant_changes(planted: Planted) -> None:
    """A telephone that an agent has to agree to."""
    request = await planted.owned(
        models.Request,
        "Request",
        kind=RequestKind.PARTICULARS,
        state=RequestState.SENT,
        service="enfance",
        details="",
        subject_id=planted.child,
        created_by=planted.parent.id,
        created_at=planted.now,
        updated_at=planted.now,
    )
    await planted.owned(
        models.FieldChange,
        "FieldChange",
        person_id=planted.child,
        request_id=request.id,
        name="birth_name",
        old=planted.sealed("old"),
        new=planted.sealed("new"),
        state=ChangeState.WAITING,
        asked_by=planted.parent.id,
        asked_at=planted.now,
    )


async def _plant_bookings(planted: Planted) -> None:
    for enrolled in ({"activity": "restauration"}, {}):
        await planted.of_child(
            models.Enrolment,
            "Enrolment",
            school_year=SCHOOL_YEAR.start,
            first_day=date(2026, 9, 1),
            last_day=date(2027, 7, 2),
            created_at=planted.now,
            **enrolled,
        )
    receipt = await planted.owned(
        models.BookingReceipt,
        "BookingReceipt",
        account_id=planted.parent.id,
        at=planted.now,
        summary={"cents": 250, "mark": planted.mark},
    )
    await planted.of_child(models.Booking, day=SEEN_DAY, activity="restauration", unit="repas", changed_at=planted.now)
    await planted.of_child(models.Booking, day=SEEN_DAY, live=False, changed_at=planted.now)
    await planted.of_child(
        models.BookingChange,
        day=SEEN_DAY,
        kind=ChangeKind.BOOKED,
        account_id=planted.parent.id,
        batch=receipt.id,
        at=planted.now,
        price_cents=250,
    )


async def _plant_invoice(planted: Planted, sequence: int, attempted: AttemptState | None) -> None:
    """An issued invoice of one line, with a seen day on it, and the attempt to pay it."""
    paid = attempted is AttemptState.PAID
    invoice = await planted.owned(
        models.Invoice,
        "Invoice",
        state=InvoiceState.ISSUED,
        period_first=date(2026, 8, 1),
        period_last=date(2026, 8, 31),
        year=2026,
        sequence=sequence,
        number=f"{planted.mark}-facture-{sequence}",
        total_cents=250,
        paid_cents=250 if paid else 0,
        prepared_at=planted.now,
        issued_on=SEEN_DAY,
        due_on=SEEN_DAY,
    )
    await planted.owned(
        models.InvoiceLine,
        invoice_id=invoice.id,
        position=0,
        quantity=1,
        unit_cents=250,
        total_cents=250,
        detail=[planted.mark],
    )
    await planted.of_child(
        models.Attendance,
        day=SEEN_DAY - timedelta(days=sequence),
        presence=Presence.PRESENT,
        recorded_by=new_key(),
        recorded_at=planted.now,
        invoice_id=invoice.id,
    )
    if attempted is not None:
        await _plant_attempt(planted, invoice, attempted)


async def _plant_attempt(planted: Planted, invoice: models.Invoice, state: AttemptState) -> None:
    attempt = await planted.owned(
        models.PaymentAttempt,
        "Payment",
        account_id=planted.parent.id,
        state=state,
        amount_cents=250,
        started_at=planted.now - timedelta(minutes=20),  # its page is closed by now
    )
    planted.town.bank.answers[attempt.external_id] = PaymentReport(PaymentOutcome.PENDING, {})
    await planted.owned(models.AttemptShare, attempt_id=attempt.id, invoice_id=invoice.id, amount_cents=250)
    await planted.row(
        models.BankEvent,
        external_id=attempt.external_id,
        received={"mel": planted.mark},
        received_at=planted.now,
    )
    if state is AttemptState.PAID:
        payment = await planted.owned(
            models.Payment, attempt_id=attempt.id, amount_cents=250, paid_at=planted.now, booked_at=planted.now
        )
        await planted.owned(models.Allocation, payment_id=payment.id, invoice_id=invoice.id, amount_cents=250)


async def _plant_traces(planted: Planted) -> None:
    """A mail that could not leave, and an answer kept for a repeated request."""
    await planted.row(
        models.Effect,
        "StuckEffect",
        kind=EffectKind.MAIL,
        run_at=planted.now + timedelta(days=1),
        attempts=3,
        created_at=planted.now,
    )
    await planted.row(
        models.IdempotentAnswer,
        account_id=planted.parent.id,
        mutation="paymentStart",
        key=f"{planted.mark}-key",
        answer={"mark": planted.mark},
        created_at=planted.now,
    )


async def plant_sheets(planted: Planted) -> None:
    """The two sheets that Chavagne asks for, so that the file may be sent."""
    with planted.town.at_work():
        for code in ("fiche-famille", "fiche-sanitaire"):
            await planted.of_child(models.Document, code=code, size=7, added_by=planted.parent.id, added_at=planted.now)
