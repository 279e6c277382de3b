"""The TEST families of the guides. Names come from the guides; ages, addresses, quotients and bookings are invented.

Nobody in this file exists. Every figure (birth dates, quotient familial, postcodes, which days were booked) was made
up so that each commune shows each of its rules.
"""

from dataclasses import dataclass
from datetime import date

from resolvers.models.households import Role

PASSWORD = "Demonstration2026"  # noqa: S105 (printed at start: the demonstration hides nothing)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of a TEST family; with an e-mail, an account. ``invited``: waits for its activation mail."""

    first_name: str
    last_name: str
    role: Role
    email: str = ""
    birth_date: date | None = None
    invited: bool = False


@dataclass(frozen=True, slots=True)
class DemoHousehold:
    """A TEST household. ``enrolled``: the activities its children are in; ``habits``: what they booked last month."""

    name: str
    services: tuple[str, ...]
    persons: tuple[DemoPerson, ...]
    quotient: int | None
    street: str
    postcode: str
    town: str
    enrolled: tuple[str, ...] = ()
    habits: tuple[tuple[str, str], ...] = ()
    dossiers_accepted: bool = False


@dataclass(frozen=True, slots=True)
class DemoCommune:
    """A commune of the demonstration: its agent, its households, a piece of news."""

    agent_email: str
    households: tuple[DemoHousehold, ...]
    news: tuple[tuple[str, str], ...]


CHAVAGNE = DemoCommune(
    agent_email="agent@chavagne.example",
    households=(
        DemoHousehold(
            name="TEST",
            services=("enfance",),
            persons=(
                DemoPerson("Madame", "TEST", Role.REPRESENTATIVE, "madame.test@example.org", invited=True),
                DemoPerson("Monsieur", "TEST", Role.CO_REPRESENTATIVE, "monsieur.test@example.org"),
                DemoPerson("Enfant1", "TEST", Role.CHILD, birth_date=date(2017, 3, 14)),
                DemoPerson("Enfant2", "TEST", Role.CHILD, birth_date=date(2019, 9, 2)),
                DemoPerson("Mamie", "TEST", Role.CONTACT),
                DemoPerson("Papi", "TEST", Role.CONTACT),
            ),
            quotient=812,
            street="1 rue de l'Exemple",
            postcode="35310",
            town="Chavagne",
            enrolled=("periscolaire", "restauration", "alsh-mercredi", "alsh-vacances"),
            habits=(("restauration", "repas"), ("periscolaire", "garderie-soir")),
        ),
    ),
    news=(
        (
            "Bienvenue sur le portail familles",
            "Des démarches simplifiées, des réservations et un paiement en ligne, sept jours sur sept.",
        ),
    ),
)

EPAGNY = DemoCommune(
    agent_email="agent@epagny.example",
    households=(
        DemoHousehold(
            name="TEST",
            services=("enfance-jeunesse",),
            persons=(
                DemoPerson("Simon", "TEST", Role.REPRESENTATIVE, "simon.test@example.org", invited=True),
                DemoPerson("Parent", "TEST", Role.CO_REPRESENTATIVE, "parent.test@example.org"),
                DemoPerson("Enfant", "TEST", Role.CHILD, birth_date=date(2018, 5, 20)),
            ),
            quotient=1040,
            street="2 rue de l'Exemple",
            postcode="74330",
            town="Épagny Metz-Tessy",
            enrolled=("accueil", "restauration", "etudes", "croc-loisirs", "croc-vacances"),
            habits=(("restauration", "repas"), ("accueil", "soir")),
        ),
        DemoHousehold(
            name="TEST (crèche)",
            services=("petite-enfance",),
            persons=(
                DemoPerson("Marie", "TEST", Role.REPRESENTATIVE, "marie.test@example.org"),
                DemoPerson("Paul", "TEST", Role.CO_REPRESENTATIVE, "paul.test@example.org", invited=True),
                DemoPerson("Bébé", "TEST", Role.CHILD, birth_date=date(2025, 1, 8)),
            ),
            quotient=655,
            street="3 rue de l'Exemple",
            postcode="74330",
            town="Épagny Metz-Tessy",
            enrolled=("pic-et-plume",),
            habits=(("pic-et-plume", "journee"),),
        ),
        DemoHousehold(
            name="TESTBIS (crèche)",
            services=("petite-enfance",),
            persons=(
                DemoPerson("Lou", "TESTBIS", Role.REPRESENTATIVE, "lou.testbis@example.org"),
                DemoPerson("Nino", "TESTBIS", Role.CHILD, birth_date=date(2024, 3, 19)),
            ),
            quotient=890,
            street="6 rue de l'Exemple",
            postcode="74330",
            town="Épagny Metz-Tessy",
            enrolled=("loptiou",),
        ),
    ),
    news=(("Atelier parentalité", "Le Relais Petite Enfance propose un atelier d'échanges entre parents."),),
)

MELLE = DemoCommune(
    agent_email="agent@melle.example",
    households=(
        DemoHousehold(
            name="TEST2",
            services=("education",),
            persons=(
                DemoPerson("Test2", "TEST2", Role.REPRESENTATIVE, "test2.test2@example.org", invited=True),
                DemoPerson("Parent", "TEST2", Role.CO_REPRESENTATIVE, "parent.test2@example.org"),
                DemoPerson("Enfant", "TEST2", Role.CHILD, birth_date=date(2018, 11, 30)),
            ),
            quotient=540,
            street="2 rue des Fusains",
            postcode="79500",
            town="Melle",
        ),
    ),
    news=(
        ("Inscriptions", "Restauration, garderie et TAP s'ouvrent le 1er juin, les autres activités le 1er septembre."),
    ),
)

MESNIL = DemoCommune(
    agent_email="agent@mesnil.example",
    households=(
        DemoHousehold(
            name="TEST",
            services=("enfance-education",),
            persons=(
                DemoPerson("Parent", "TEST", Role.REPRESENTATIVE, "parent.test@example.org"),
                DemoPerson("Maman", "TEST", Role.CO_REPRESENTATIVE, "maman.test@example.org", invited=True),
                DemoPerson("Enfant", "TEST", Role.CHILD, birth_date=date(2018, 2, 3)),
            ),
            quotient=1200,
            street="4 rue de l'Exemple",
            postcode="78320",
            town="Le Mesnil-Saint-Denis",
            enrolled=("cantine", "etude", "periscolaire", "mercredi"),
            habits=(("cantine", "repas"),),
        ),
    ),
    news=(
        ("Nouveau portail famille", "Gérez les activités de vos enfants, payez vos factures, suivez vos démarches."),
    ),
)

CHAILLES = DemoCommune(
    agent_email="agent@chailles.example",
    households=(
        DemoHousehold(
            name="TESTMP",
            services=("enfance-jeunesse",),
            persons=(
                DemoPerson("Marc", "TESTMP", Role.REPRESENTATIVE, "marc.testmp@example.org"),
                DemoPerson("Nathalie", "TESTMP", Role.CO_REPRESENTATIVE, "nathalie.testmp@example.org", invited=True),
                DemoPerson("Clara", "TESTMP", Role.CHILD, birth_date=date(2016, 7, 9)),
                DemoPerson("Guilhem", "TESTMP", Role.CHILD, birth_date=date(2019, 1, 25)),
            ),
            quotient=None,
            street="5 rue de l'Exemple",
            postcode="41120",
            town="Chailles",
            enrolled=("restauration", "periscolaire", "centre-de-loisirs"),
            habits=(("restauration", "repas"),),
        ),
    ),
    news=(("Bienvenue", "Réservez la cantine, la garderie et le centre de loisirs depuis « Mes réservations »."),),
)

COMMUNES = {
    "chavagne": CHAVAGNE,
    "epagny": EPAGNY,
    "melle": MELLE,
    "mesnil": MESNIL,
    "chailles": CHAILLES,
}
