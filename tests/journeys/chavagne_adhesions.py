"""What a household of Chavagne joins (§10 of the guide): direct debit, from its coordinates to a day at the bank."""

from datetime import date
from typing import Any

from tests.debits import FARM, POST
from tests.journeys.chavagne_family import AGENT, CHOSEN, MADAME
from tests.journeys.debits import accept, collect, collectable, coordinates, hear, join, offered, printed, sign
from tests.journeys.guides.steps import covers
from tests.journeys.portal import Portal
from tests.journeys.questions import check_and_issue, codes, month, order, selection

CREDITOR = "Mairie de Chavagne (ICS FR10ZZZ535076)"
MEALS = [date(2026, 11, 16), date(2026, 11, 17)]
PREVIEW = "recap { holder account creditor replaces }"


@covers("chavagne-53", "chavagne-55", "chavagne-56")
def join_direct_debit(portal: Portal) -> None:
    """Coordinates and conditions, then a recap: corrected, given up, and at last validated, signed and accepted."""
    madame = portal.signed_in("chavagne", MADAME, CHOSEN)
    offer = offered(madame)
    assert (offer["mayJoin"], offer["creditor"]) == (True, CREDITOR) and "sur la facture" in offer["conditions"]
    given = coordinates(madame, FARM)
    assert codes(madame.refusals("directDebitPreview", **{**given, "conditions": ""})) == {"TERMS_OUTDATED"}
    for iban, account in (
        (FARM, "FR76 •••• •••• 0189 (CREDIT AGRICOLE SA)"),
        (POST, "FR14 •••• •••• 2606 (LA BANQUE POSTALE)"),
    ):
        recap = madame.do("directDebitPreview", PREVIEW, **{**given, "iban": iban})["recap"]
        assert recap == {"holder": "Parent TEST", "account": account, "creditor": CREDITOR, "replaces": None}
    assert offered(madame)["mandates"] == []  # whoever stops at the recap asked for nothing
    mandate = join(madame, POST)
    sign(portal, madame, MADAME, mandate, "2026-11-03")
    held = accept(portal.signed_in("chavagne", AGENT), mandate)
    assert (held["rum"], held["activeFrom"]) == ("ENF-2026-000001", "2026-11-04")


@covers("chavagne-54")
def change_of_bank(portal: Portal) -> None:
    """Another account is another mandate, which takes the place of the first one once it is accepted."""
    madame = portal.signed_in("chavagne", MADAME, CHOSEN)
    recap = madame.do("directDebitPreview", PREVIEW, **coordinates(madame, FARM))["recap"]
    assert recap["replaces"] == "ENF-2026-000001"
    mandate = join(madame, FARM)
    sign(portal, madame, MADAME, mandate, "2026-11-03")
    accept(portal.signed_in("chavagne", AGENT), mandate)
    assert [(each["rum"], each["state"], each["account"]) for each in offered(madame)["mandates"]] == [
        ("ENF-2026-000002", "ACTIVE", "FR76 •••• •••• 0189"),
        ("ENF-2026-000001", "ENDED", "FR14 •••• •••• 2606"),
    ]


@covers("chavagne-52")
def collected_on_its_day(portal: Portal) -> None:
    """The invoice that arrives says the day and that nothing is left to do; on that day the bank pays it."""
    madame = portal.signed_in("chavagne", MADAME, CHOSEN)
    lunches = selection(madame.household()["children"]["Enfant1"], "restauration", {"repas": MEALS})
    madame.do("bookingsCommit", **order(MEALS, [lunches]))
    portal.move_clock("2026-12-01T09:00:00+01:00")
    agent = portal.signed_in("chavagne", AGENT)
    check_and_issue(agent, month(2026, 11))
    invoice = newest_invoice(portal)
    assert (invoice["status"], invoice["total"]) == ("UNPAID", {"amount": "7.20"})  # two meals at 3.60
    told = portal.mail(MADAME, f"Votre facture {invoice['number']}").text
    assert "Vous n'avez rien à faire : cette somme sera prélevée le jeudi 31 décembre 2026" in told
    told = printed(portal.signed_in("chavagne", MADAME, CHOSEN), invoice["pdfUrl"])
    assert "Vous n'avez rien à faire : cette somme sera prélevée le jeudi 31 décembre 2026" in told
    assert collectable(agent, "2026-12-31") == {"collected": [invoice["number"]], "leftOut": {}}
    reference = collect(portal, agent, "2026-12-31")
    portal.move_clock("2026-12-31T09:00:00+01:00")
    heard = hear(portal, portal.signed_in("chavagne", AGENT), reference)
    assert heard == [{"rejected": 0, "collected": 1, "known": 0, "refused": [], "dropped": []}]
    assert (newest_invoice(portal)["status"], newest_invoice(portal)["paid"]) == ("PAID", {"amount": "7.20"})


def newest_invoice(portal: Portal) -> dict[str, Any]:
    """The invoice that the household received last."""
    return portal.signed_in("chavagne", MADAME, CHOSEN).invoices()[0]
