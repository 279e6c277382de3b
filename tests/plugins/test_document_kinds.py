"""What a household may keep in its vault."""

from plugins.rules.document_kinds import KINDS, labels
from plugins.rules.dossiers import RequiredDocument


def test_a_commune_adds_to_the_common_kinds_and_may_rename_them() -> None:
    asked = (RequiredDocument("rib", "RIB"), RequiredDocument("autre", "Pièce du règlement"))
    assert labels(asked, (RequiredDocument("rib", "RIB de l'année"),)) == {
        **KINDS,
        "autre": "Pièce du règlement",
        "rib": "RIB de l'année",
    }
