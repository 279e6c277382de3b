"""Who a commune is: what is refused, and how a service is reached."""

from zoneinfo import ZoneInfo

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.identity import Identity, Service

ENFANCE = Service("enfance", "service Enfance", "enfance@village.fr", "02 00 00 00 00")


def commune(**changed: object) -> Identity:
    """A valid commune, with some values replaced."""
    values = {
        "slug": "village",
        "name": "Village",
        "school_zone": "B",
        "sender": "p@village.fr",
        "services": (ENFANCE,),
    }
    return Identity(**(values | changed))  # type: ignore[arg-type]


def test_a_service_is_reached_by_mail_and_by_telephone() -> None:
    assert ENFANCE.say() == "service Enfance (enfance@village.fr ou 02 00 00 00 00)"
    assert Service("creche", "la crèche", "c@village.fr").say() == "la crèche (c@village.fr)"


def test_a_service_is_found_by_its_code_and_an_unknown_one_is_refused_with_the_known_ones() -> None:
    assert commune().service("enfance") == ENFANCE
    with pytest.raises(RuleError, match="Village has no service 'creche': it has enfance"):
        commune().service("creche")


def test_deadlines_are_counted_on_the_clocks_of_paris_unless_said_otherwise() -> None:
    assert commune().tz == ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("name", "author"),
    [
        (None, "p@village.fr"),
        ("Mairie, pôle enfance", '"Mairie, pôle enfance" <p@village.fr>'),
        ('La « "Ruche" »', '"La « \\"Ruche\\" »" <p@village.fr>'),
    ],
)
def test_mails_come_from_a_name_beside_the_sender_where_the_commune_gives_one(name: str | None, author: str) -> None:
    named = commune(sender_name=name)
    assert named.author == author
    assert (f"« {name} », p@village.fr" in named.say()) == (name is not None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slug": "Le Village"}, "Commune slug 'Le Village': write 1 to 40 lower-case letters"),
        ({"slug": "a" * 41}, "Commune slug 'a+': write 1 to 40"),
        ({"slug": "village\n"}, "Commune slug"),
        ({"name": " "}, "Commune name ' ': write one printable line"),
        ({"school_zone": "D"}, "School zone 'D' of Village: choose A, B or C"),
        ({"sender": "Village <p@village.fr>"}, "Sender 'Village <p@village.fr>': write a bare e-mail address"),
        ({"sender": "p@village.fr\nBcc: x@y.fr"}, "Sender"),
        ({"sender_name": "Village\nBcc: x@y.fr"}, "Sender name"),
        ({"website": "http://village.fr"}, "Page 'http://village.fr' of Village: write an address that starts with"),
        ({"portal": "https://village"}, "Page 'https://village' of Village"),
        ({"services": ()}, "Village has no service: name at least one"),
        ({"services": (ENFANCE, ENFANCE)}, "Services of Village: enfance appears more than once"),
        ({"hosts": ("https://village.fr",)}, "Host 'https://village.fr' of Village: write a lower-case host name"),
        ({"hosts": ("village.fr", "village.fr")}, r"Hosts of Village: village\.fr appears more than once"),
        ({"timezone": "Europe/Melle"}, "Time zone 'Europe/Melle' of Village: write an IANA name"),
        ({"timezone": "../secret"}, r"Time zone '\.\./secret' of Village"),
    ],
)
def test_what_a_commune_may_not_be_is_refused_with_the_remedy(changed: dict[str, object], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        commune(**changed)
