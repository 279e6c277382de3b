"""What a household may keep in its vault: what the commune asks for, and what any procedure may."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from plugins.rules.dossiers import RequiredDocument

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "livret-famille": "Livret de famille",
        "justificatif-domicile": "Justificatif de domicile",
        "avis-imposition": "Avis d'imposition",
        "attestation-caf": "Attestation de la CAF ou de la MSA",
        "mandat-sepa": "Mandat de prélèvement SEPA signé",
        "rib": "Relevé d'identité bancaire (RIB)",
        "autre": "Autre document",
    }
)
"""What every household may keep, whatever its commune asks for: code and French label."""


def labels(*asked: Sequence[RequiredDocument]) -> Mapping[str, str]:
    """The kinds a household may keep: those of :data:`KINDS`, then what the commune asks for, which may rename them."""
    return {**KINDS, **{document.code: document.label for documents in asked for document in documents}}
