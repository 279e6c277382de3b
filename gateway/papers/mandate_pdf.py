"""The mandate to sign: an accessible PDF (PDF/UA-1), the same bytes for the same mandate."""

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import cast

import typst

from gateway.papers.drawable import printable
from plugins.rules.mandates import MandateDocument


class MandateDrawer:
    """Draws one mandate at a time, in the thread of its caller."""

    def __init__(self, templates: Path) -> None:
        self._compiler = typst.Compiler(templates / "mandate.typ", root=templates, ignore_system_fonts=True)

    def draw(self, document: MandateDocument) -> bytes:
        """The PDF of a mandate, dated from the day it was made out."""
        pdf = self._compiler.compile(
            format="pdf",
            sys_inputs={"mandate": json.dumps(printable(_content(document)))},
            pdf_standards=["ua-1"],
            timestamp=datetime.combine(document.made_out_on, time(), UTC),
        )
        return cast(bytes, pdf)


def _content(document: MandateDocument) -> dict[str, object]:
    made, creditor = document.made_out_on, document.creditor
    return {
        "title": "Mandat de prélèvement SEPA",
        "about": document.say(),
        "author": creditor.name,
        "made": {"year": made.year, "month": made.month, "day": made.day},
        "reference": [("Référence unique du mandat (RUM)", document.reference), ("Type de paiement", "Récurrent")],
        "creditor": [
            ("Créancier", creditor.name),
            ("Identifiant créancier SEPA (ICS)", creditor.ics),
            ("Adresse", ", ".join(creditor.address)),
        ],
        "debtor": [
            ("Titulaire du compte", document.holder),
            ("Adresse", ", ".join(document.holder_address)),
            ("IBAN", document.iban_in_groups),
            *([("BIC", document.bic)] if document.bic else []),
        ],
        "authorisation": document.authorisation(),
        "conditions": document.conditions,
        "give_back": document.give_back,
    }
