"""Deposit slips as pages, in French."""

from gateway.papers.account_pdf import AccountPage, Column, Section
from plugins.rules.deposits import DepositSlip
from plugins.rules.french import euros, say_date, say_time
from plugins.rules.invoice_documents import Letterhead

_COLUMNS = (Column("Quittance", 2), Column("Reçu le", 1.4), Column("Foyer", 2), Column("Titre", 2.6), Column("Montant"))


def deposit_page(slip: DepositSlip) -> AccountPage:
    """The page of a slip: every payment that is banked, what they add up to, and room to sign."""
    rows = tuple(
        (banked.reference, f"{banked.booked_on:%d/%m/%Y}", banked.household, banked.note, euros(banked.cents))
        for banked in slip.payments
    )
    made = f"Fait le {say_date(slip.made_at.date())} à {say_time(slip.made_at.time())}"
    return AccountPage(
        title=slip.title,
        letterhead=Letterhead(slip.issuer, "Comptable public", ()),
        made_on=slip.made_at.date(),
        facts=(f"Caisse : {slip.desk}", made),
        sections=(
            Section("Encaissements remis", _COLUMNS, rows),
            Section("Total", sums=(("Montant remis", euros(slip.total_cents)),), sentences=(slip.say(),)),
            Section("Signatures", sentences=("Le régisseur :", "Le comptable public :")),
        ),
    )
