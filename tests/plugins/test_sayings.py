"""What the answers of a commune say of themselves, as a mairie would print it."""

from dataclasses import replace
from datetime import date, time
from typing import Protocol

import pytest

from plugins.rules.accounts import AccountOpenings, Opening, Terms
from plugins.rules.calendar import (
    FRIDAY,
    FULL_WEEK,
    IN_CLASS,
    IN_HOLIDAYS,
    MONDAY,
    ON_WEDNESDAYS,
    TUESDAY,
    SchoolYear,
)
from plugins.rules.catalogue import BY_SERVICE, ONLINE, REVIEWED, Activity, Catalogue, Enrolment, Pool, Preset, Unit
from plugins.rules.dossiers import Consent, DossierPolicy
from plugins.rules.features import (
    PARTICULARS,
    Feature,
    Features,
    FieldPolicies,
    FieldPolicy,
    Review,
    Visibility,
    refuse,
)
from plugins.rules.french import NBSP
from plugins.rules.identity import Identity, Service
from plugins.rules.invoicing import InvoicingPolicy, Issuer
from plugins.rules.online_invoices import OnlineInvoices
from plugins.rules.prices import Residency
from plugins.rules.questions import Question, Section
from plugins.rules.wording import PLACEHOLDERS, Wording


class Sayable(Protocol):
    """Whatever says itself."""

    def say(self) -> str:
        """In French."""


SERVICE = Service("enfance", "service Enfance", "enfance@village.fr")
MORNING = Unit("matin", "Matin", FULL_WEEK, IN_HOLIDAYS, ("places",), time(8), time(12))
MEAL = Unit("repas", "Repas", frozenset({MONDAY, FRIDAY}), IN_CLASS | ON_WEDNESDAYS)
CENTRE = Activity(
    "centre",
    "Centre de loisirs",
    "enfance",
    "École",
    date(2026, 9, 1),
    date(2027, 7, 2),
    (MORNING, MEAL),
    (Preset("journee", "Journée", ("matin", "repas")),),
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            Identity("village", "Village", "B", "portail@village.fr", (SERVICE,), ("famille.village.fr",)),
            "Village, zone scolaire B, fuseau horaire Europe/Paris.\n"
            "Les courriels partent de portail@village.fr.\n"
            "Service Enfance (enfance@village.fr).\n"
            "Adresses du portail : famille.village.fr.",
        ),
        (
            AccountOpenings((Opening.ACTIVATION_CODE, Opening.SERVICE_KEY), "Écrivez-nous.", 72, 1),
            "Le service envoie par courriel un lien et un code ; la famille choisit son mot de passe.\n"
            "Un agent remet une clé qui rattache la famille à son nouveau compte.\n"
            "Le lien d'activation est valable 3 jours.\n"
            "Une clé sert une seule fois et reste valable 3 jours.\n"
            "Le lien pour changer de mot de passe est valable 1 heure.\n"
            "Écrivez-nous.",
        ),
        (
            AccountOpenings((Opening.CLOSED,), "Écrivez-nous.", reset_valid_hours=36),
            "Aucun compte ne s'ouvre en ligne.\n"
            "Le lien pour changer de mot de passe est valable 36 heures.\n"
            "Écrivez-nous.",
        ),
        (
            Terms("2", "Conditions", "Votre compte est personnel.\n", date(2026, 9, 1)),
            "Conditions (version 2, mardi 1er septembre 2026).\nVotre compte est personnel.",
        ),
        (
            DossierPolicy(
                True,
                date(2026, 6, 1),
                (
                    Consent("photo", "Photos", "1", "J'accepte."),
                    Consent("sortie", "Sortie", "2", "J'autorise cette personne.", each_person=True),
                ),
                "Un par an.",
                (Section("sante", "Santé", (Question("pai", "Un PAI ?"), Question("note", "Note", required=False))),),
            ),
            "Un dossier par enfant et par année scolaire, à partir du lundi 1er juin 2026.\n"
            "Un par an.\n"
            "Rubrique Santé : « Un PAI ? », « Note (facultatif) ».\n"
            "Autorisation demandée : Photos (version 1) : « J'accepte. »\n"
            "Autorisation demandée : Sortie, pour chaque personne (version 2) : « J'autorise cette personne. »",
        ),
        (DossierPolicy(False, None, (), "Aucun dossier."), "Aucun dossier."),
        (
            Features({Feature.BOOK: refuse("Écrivez à e@village.fr.", "e@village.fr")}),
            "En ligne, une famille peut modifier les informations de la famille, signaler une absence, consulter les "
            "factures, payer en ligne, remplir le dossier annuel, inscrire un enfant à une activité et poser une "
            "question au service.\n"
            "Écrivez à e@village.fr.",
        ),
        (
            Features({feature: refuse("Écrivez à e@village.fr.", "e@village.fr") for feature in Feature}),
            "Rien ne se fait en ligne." + "\nÉcrivez à e@village.fr." * len(Feature),
        ),
        (
            FieldPolicies(
                {
                    "person.phone": FieldPolicy(Visibility.REQUIRED),
                    "person.town": FieldPolicy(Visibility.EDITABLE, Review.AGENT),
                    "person.email": FieldPolicy(Visibility.REQUIRED),
                },
                FieldPolicy(Visibility.SHOWN, Review.AGENT),
            ),
            "Modifiable, à remplir obligatoirement : téléphone et adresse e-mail.\n"
            "Modifiable, après accord du service : ville.\n"
            "Affiché, non modifiable en ligne : les autres informations.",
        ),
        (FieldPolicies({}, FieldPolicy(Visibility.HIDDEN)), "Non affiché : toutes les informations."),
        (
            InvoicingPolicy(
                series="ENF",
                due_days=1,
                issuer=Issuer("Régie", ("35310 Village",), "12345678901234", "régie@village.fr"),
                minimum_cents=150,
                mentions=("Sans escompte.",),
            ),
            "Émetteur des factures : Régie, 35310 Village, SIRET 12345678901234 (régie@village.fr).\n"
            "Elles sont numérotées à la suite, chaque année : 2026-ENF-000001 est la première de 2026.\n"
            "Il y en a une par mois.\n"
            "Elles sont à régler dans le jour qui suit leur émission.\n"
            f"Un montant de moins de 1,50{NBSP}€ est reporté sur la facture suivante.\n"
            "Les avoirs sont numérotés à part : 2026-AV-000001 est le premier de 2026.\n"
            "Mention imprimée : Sans escompte.",
        ),
        (
            InvoicingPolicy(
                series="ENF",
                due_days=30,
                issuer=Issuer("Régie", ("35310 Village",), None, "régie@village.fr"),
                online=OnlineInvoices(),
            ),
            "Émetteur des factures : Régie, 35310 Village (régie@village.fr).\n"
            "Elles sont numérotées à la suite, chaque année : 2026-ENF-000001 est la première de 2026.\n"
            "Il y en a une par mois.\n"
            "Elles sont à régler dans les 30 jours qui suivent leur émission.\n"
            "Les factures sont sur papier jusqu'à l'adhésion de la famille à la facture en ligne, après accord du "
            "service.\n"
            "Les avoirs sont numérotés à part : 2026-AV-000001 est le premier de 2026.",
        ),
        (
            Wording("Dossier {of_child}", "Bonjour {first_name},\n\n{reason}\n"),
            "Objet : Dossier [de + prénom de l'enfant]\nBonjour [prénom],\n\n[motif]",
        ),
        (Pool("places", "Places", 1), "Places : 1 place"),
        (Pool("places", "Places", 48), "Places : 48 places"),
        (Pool("places", "Places"), "Places : sans limite de places"),
        (Enrolment(BY_SERVICE), "Inscription faite par le service"),
        (
            Enrolment(ONLINE, date(2026, 6, 1), True, 3, 12),
            "Inscription demandée en ligne, à partir du lundi 1er juin 2026, une fois le dossier annuel validé, "
            "de 3 à 12 ans",
        ),
        (Enrolment(ONLINE, min_age=3), "Inscription demandée en ligne, à partir de 3 ans"),
        (Enrolment(ONLINE, max_age=3), "Inscription demandée en ligne, jusqu'à 3 ans"),
        (
            Enrolment(
                REVIEWED, residencies=frozenset({Residency.RESIDENT}), schools=("École du bourg", "École du lac")
            ),
            "Inscription demandée en ligne, validée par le service, réservée aux familles de la commune, aux enfants "
            "de : École du bourg ou École du lac",
        ),
        (
            Enrolment(BY_SERVICE, residencies=frozenset({Residency.OUTSIDE})),
            "Inscription faite par le service, réservée aux familles des autres communes",
        ),
        (
            Catalogue(SchoolYear(2026), (CENTRE,), (Pool("places", "Places", 48),)),
            "Centre de loisirs\n"
            "École, du mardi 1er septembre 2026 au vendredi 2 juillet 2027.\n"
            "Matin : du lundi au vendredi, vacances scolaires, de 8 h à 12 h.\n"
            "Repas : le lundi et le vendredi, jours d'école et jours sans école de la semaine.\n"
            "Journée : Matin + Repas.\n"
            "Inscription faite par le service.\n"
            "Places : 48 places.",
        ),
        (Catalogue(SchoolYear(2026), ()), "Aucune activité n'est encore décidée pour 2026-2027."),
    ],
)
def test_a_value_says_itself(value: Sayable, said: str) -> None:
    assert value.say() == said


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "said"),
    [
        (None, None, "Accueil : le lundi et le mardi, jours d'école"),
        (time(14), None, "Accueil : le lundi et le mardi, jours d'école, à partir de 14 h"),
        (None, time(18, 30), "Accueil : le lundi et le mardi, jours d'école, jusqu'à 18 h 30"),
    ],
)
def test_a_unit_says_the_hours_it_knows(starts_at: time | None, ends_at: time | None, said: str) -> None:
    weekdays = frozenset({MONDAY, TUESDAY})
    assert Unit("accueil", "Accueil", weekdays, IN_CLASS, (), starts_at, ends_at).say() == said


def test_a_unit_says_that_a_meal_is_served_in_it() -> None:
    said = "Repas : le lundi et le mardi, jours d'école, repas compté pour la cuisine"
    meal = Unit("repas", "Repas", frozenset({MONDAY, TUESDAY}), IN_CLASS, has_meal=True)
    assert meal.say() == said
    assert replace(meal, is_care=False).say() == f"{said}, hors frais de garde pour les impôts"


def test_every_placeholder_of_a_mail_is_said_in_french() -> None:
    for message, names in PLACEHOLDERS.items():
        said = Wording(message.say(), " ".join(f"{{{name}}}" for name in sorted(names))).say()
        assert [name for name in names if f"[{name}]" in said and name not in ("commune", "service")] == []


def test_a_particular_without_a_french_name_is_said_by_its_code() -> None:
    assert "person.shoe_size" not in PARTICULARS
    policies = FieldPolicies({"person.shoe_size": FieldPolicy(Visibility.HIDDEN)}, FieldPolicy(Visibility.SHOWN))
    assert policies.say().splitlines()[0] == "Non affiché : « person.shoe_size »."
