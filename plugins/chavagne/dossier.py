"""§6 of the guide: the yearly file of a child in Chavagne."""

from datetime import date

from plugins.chavagne import sheets
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import Consent, DossierPolicy, RequiredDocument

CONSENTS = (
    Consent(
        "venir-chercher",
        "Autorisation à venir chercher l'enfant",
        "1",
        "J'autorise cette personne à venir chercher mon enfant.",
        each_person=True,
    ),
    Consent(
        "quotient-familial",
        "Autorisation d'accès au quotient familial",
        "1",
        "J'autorise le service Enfance à consulter mon quotient familial auprès de la CAF.",
    ),
    Consent(
        "photo-video",
        "Autorisation de prise de photo/vidéo",
        "1",
        "J'autorise la prise de photos et de vidéos de mon enfant pour des supports de communication de la commune.",
    ),
)

NOTICE = (
    "Téléchargez la fiche famille et la fiche sanitaire, complétez-les, enregistrez-les, puis joignez-les à la "
    "demande. Indiquez les personnes autorisées à venir chercher l'enfant. En validant, vous attestez que les "
    "renseignements fournis sont exacts."
)


@hookimpl
def dossier_policy(year: SchoolYear) -> DossierPolicy:
    """A file per child and school year; its opening in June is ours."""
    return DossierPolicy(required=True, opens_on=date(year.start, 6, 1), consents=CONSENTS, notice=NOTICE)


@hookimpl
def required_documents(year: SchoolYear) -> tuple[RequiredDocument, ...]:
    """« Pièces à fournir pour le dossier administratif de l'enfant : Fiche famille, Fiche sanitaire »."""
    return (
        RequiredDocument("fiche-famille", "Fiche famille", form=sheets.FAMILY, shared=True),
        RequiredDocument("fiche-sanitaire", "Fiche sanitaire", form=sheets.HEALTH),
    )
