"""The registry: who answers, in which order, and who may be in it."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes, PluginError
from plugins.defaults import PASSWORD_POLICY
from plugins.hookspecs import hookimpl
from plugins.rules.accounts import PasswordPolicy
from plugins.rules.calendar import OwnHolidays, SchoolCalendar, SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.dossiers import RequiredDocument
from plugins.rules.identity import Identity, Service
from plugins.rules.tariffs import Tariff, constant

Village = Callable[..., SimpleNamespace]
ROOT = Path(__file__).parents[2]
OWN_POLICY = replace(PASSWORD_POLICY, min_length=14)


@hookimpl
def password_policy() -> PasswordPolicy:
    return OWN_POLICY


@hookimpl
def no_opinion() -> PasswordPolicy | None:
    return None


def named(slug: str, *hosts: str) -> Callable[[], Identity]:
    """An identity answer of that slug and these hosts."""

    @hookimpl
    def identity() -> Identity:
        return Identity(
            slug, slug.title(), "B", "p@village.fr", (Service("enfance", "Enfance", "e@village.fr"),), hosts
        )

    return identity


def test_the_commune_answers_before_the_portal(village: Village) -> None:
    commune = Commune("village", village(password_policy=password_policy))
    assert commune.ask(hookspecs.password_policy) == OWN_POLICY
    assert commune.who_answers(hookspecs.password_policy) == ("village",)


def test_the_portal_answers_when_the_commune_is_silent_or_has_no_opinion(village: Village) -> None:
    for plugin in (village(), village(password_policy=no_opinion)):
        commune = Commune("village", plugin)
        assert commune.ask(hookspecs.password_policy) == PASSWORD_POLICY
        assert commune.who_answers(hookspecs.password_policy) == ("defaults",)


def test_the_portal_answers_with_the_zone_and_the_mailbox_of_the_commune(village: Village) -> None:
    commune = Commune("village", village())
    assert commune.ask(hookspecs.calendar) == SchoolCalendar("B")
    assert commune.ask(hookspecs.account_openings).contact.endswith("écrivez à enfance@village.fr.")


def test_a_commune_without_school_zone_writes_its_own_calendar(village: Village) -> None:
    @hookimpl
    def identity() -> Identity:
        service = Service("enfance", "Enfance", "e@village.fr")
        return Identity("village", "Village", None, "p@village.fr", (service,), timezone="Indian/Reunion")

    @hookimpl
    def calendar() -> SchoolCalendar:
        return SchoolCalendar(OwnHolidays(date(2026, 8, 1), date(2027, 7, 31), ()), region="La Réunion")

    with pytest.raises(PluginError, match="village does not answer 'calendar': write « def calendar"):
        Commune("village", village(identity=identity)).ask(hookspecs.calendar)
    commune = Commune("village", village(identity=identity, calendar=calendar))
    assert commune.ask(hookspecs.calendar).day(date(2026, 12, 20)).label == "Abolition de l'esclavage"
    assert "sans zone scolaire, fuseau horaire Indian/Reunion" in commune.identity.say()


def test_two_communes_never_hear_each_other(village: Village) -> None:
    own, other = (
        Commune("village", village(password_policy=password_policy)),
        Commune("autre", village(identity=named("autre"))),
    )
    assert (own.ask(hookspecs.password_policy), other.ask(hookspecs.password_policy)) == (OWN_POLICY, PASSWORD_POLICY)


def test_gathered_answers_are_flat_and_name_only_those_who_gave_one(village: Village) -> None:
    sheet = RequiredDocument("fiche", "Fiche")

    @hookimpl
    def required_documents(year: SchoolYear) -> tuple[RequiredDocument, ...]:
        return (sheet,)

    silent, speaking = Commune("village", village()), Commune("village", village(required_documents=required_documents))
    year = SchoolYear(2026)
    assert silent.gather(hookspecs.required_documents, year=year) == ()
    assert silent.who_answers(hookspecs.required_documents, year=year) == ()
    assert speaking.gather(hookspecs.required_documents, year=year) == (sheet,)
    assert speaking.who_answers(hookspecs.required_documents, year=year) == ("village",)


def test_answers_are_remembered_so_that_a_calendar_keeps_what_it_computed(village: Village) -> None:
    commune = Commune("village", village())
    assert commune.ask(hookspecs.calendar) is commune.ask(hookspecs.calendar)


def test_arguments_are_given_by_name(village: Village) -> None:
    with pytest.raises(TypeError, match="'catalogue': give its arguments by name"):
        Commune("village", village()).ask(hookspecs.catalogue, SchoolYear(2026))


def test_a_commune_without_identity_is_refused(village: Village) -> None:
    with pytest.raises(PluginError, match="village does not answer 'identity': write « def identity"):
        Commune("village", village(identity=None))


def test_a_commune_that_calls_itself_otherwise_is_refused(village: Village) -> None:
    with pytest.raises(PluginError, match=r"test_communes\.py:\d+: 'identity' answered .+ slug must be 'village'"):
        Commune("village", village(identity=named("ville")))


@pytest.mark.parametrize("missing", ["catalogue", "tariff"])
def test_a_commune_without_catalogue_or_tariff_is_refused(village: Village, missing: str) -> None:
    with pytest.raises(PluginError, match=f"village does not answer '{missing}': write « def {missing}"):
        Communes([Commune("village", village(**{missing: None}))])


def test_a_rule_that_contradicts_itself_is_refused_with_its_file(village: Village) -> None:
    @hookimpl
    def password_policy() -> PasswordPolicy:
        return PasswordPolicy(min_length=4)

    with pytest.raises(PluginError, match=r"test_communes\.py:\d+: 'password_policy': Password length 4 to 200"):
        Communes([Commune("village", village(password_policy=password_policy))])


def test_an_answer_of_another_type_is_refused_with_its_file(village: Village) -> None:
    @hookimpl
    def password_policy() -> PasswordPolicy:
        return 8  # type: ignore[return-value]

    with pytest.raises(PluginError, match=r"test_communes\.py:\d+: 'password_policy' answered 8; write « def"):
        Communes([Commune("village", village(password_policy=password_policy))])


def test_an_activity_forgotten_in_a_table_of_prices_is_refused_with_its_file(village: Village) -> None:
    @hookimpl
    def tariff(activity: Activity) -> Tariff:
        return {"garderie": Tariff({"soir": constant(100)})}[activity.code]

    with pytest.raises(PluginError, match=r"test_communes\.py:\d+: 'tariff' has nothing for 'cantine': write an entry"):
        Communes([Commune("village", village(tariff=tariff))])


def test_the_five_communes_are_installed_and_read_only(communes: Communes) -> None:
    assert list(communes) == ["chailles", "chavagne", "epagny", "melle", "mesnil"]
    assert len(communes) == 5
    assert not hasattr(communes, "__setitem__")


def test_only_the_named_communes_are_started_in_the_order_given() -> None:
    assert list(Communes.installed(["melle", "epagny", "melle"])) == ["melle", "epagny"]


def test_an_unknown_name_is_refused_with_the_installed_ones() -> None:
    with pytest.raises(PluginError, match="No commune is called 'mele': the installed ones are chailles, chavagne"):
        Communes.installed(["melle", "mele"])


def test_a_host_name_leads_to_its_commune(village: Village) -> None:
    commune = Commune("village", village(identity=named("village", "famille.village.fr")))
    communes = Communes([commune])
    assert communes.by_host("Famille.Village.FR:8000") is commune
    assert communes.by_host("village.fr") is None


def test_a_host_name_claimed_twice_is_refused(village: Village) -> None:
    plugins = {slug: village(identity=named(slug, "famille.fr")) for slug in ("village", "bourg")}
    with pytest.raises(PluginError, match=r"village and bourg both claim the host 'famille\.fr'"):
        Communes(Commune(slug, plugin) for slug, plugin in plugins.items())


def test_a_slug_claimed_twice_is_refused(village: Village) -> None:
    with pytest.raises(PluginError, match="Two communes claim the slug 'village'"):
        Communes([Commune("village", village()), Commune("village", village())])


def test_the_time_zone_of_a_commune_is_its_identitys(village: Village) -> None:
    @hookimpl
    def identity() -> Identity:
        return replace(named("village")(), timezone="Indian/Reunion")

    assert Commune("village", village(identity=identity)).tz.key == "Indian/Reunion"


def install(folder: Path, slug: str, code: str) -> None:
    """Write a package that brings a commune by entry point, as pip leaves it."""
    (folder / f"portail_{slug}.py").write_text(code, encoding="utf-8")
    metadata = folder / f"portail_{slug}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: portail-{slug}\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(f"[portail.communes]\n{slug} = portail_{slug}\n", encoding="utf-8")


def started_with(folder: Path, statement: str) -> str:
    """The last line another Python says when the packages of a folder are installed."""
    done = subprocess.run(
        [sys.executable, "-c", f"from plugins.communes import Communes; {statement}"],
        env={"PYTHONPATH": f"{folder}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return (done.stdout + done.stderr).strip().splitlines()[-1]


ELSEWHERE = """
from plugins.hookspecs import hookimpl
from plugins.melle.activities import catalogue
from plugins.melle.deadlines import booking_rules
from plugins.melle.dossier import dossier_policy
from plugins.melle.prices import tariff
from plugins.rules.identity import Identity, Service

@hookimpl
def identity() -> Identity:
    return Identity("annecy", "Annecy", "A", "p@annecy.fr", (Service("education", "Éducation", "e@annecy.fr"),))
"""


def test_a_commune_of_another_package_arrives_by_entry_point(tmp_path: Path) -> None:
    install(tmp_path, "annecy", ELSEWHERE)
    said = started_with(tmp_path, "print(Communes.installed(['annecy', 'melle'])['annecy'].identity.name)")
    assert said == "Annecy"


def test_an_entry_point_may_not_take_the_slug_of_another_commune(tmp_path: Path) -> None:
    install(tmp_path, "melle", ELSEWHERE)
    assert started_with(tmp_path, "Communes.installed(['chavagne'])").endswith(
        "PluginError: The commune 'melle' is claimed again by 'portail_melle': remove one of the two."
    )


def test_an_entry_point_whose_package_is_gone_is_refused_with_its_name(tmp_path: Path) -> None:
    install(tmp_path, "annecy", "")
    (tmp_path / "portail_annecy.py").unlink()
    assert started_with(tmp_path, "Communes.installed(['annecy'])").endswith(
        "PluginError: The commune 'annecy' cannot be loaded from 'portail_annecy' (No module named 'portail_annecy'): "
        "reinstall its package."
    )


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("import not_there", 1, "ModuleNotFoundError: No module named 'not_there'; correct this line."),
        ("PRICE = 100\nMEAL = 3 / (PRICE - 100)", 2, "ZeroDivisionError: division by zero; correct this line."),
        ("def tariff(:\n    pass", 1, "invalid syntax; correct this line."),
        (
            "from plugins.rules.tariffs import brackets\n\nMEAL = brackets((0, 400, 1), (501, None, 3), without_qf=3)",
            3,
            "brackets: nothing between 400 and 501: start it at 401, or say between=Side.LOWER or Side.UPPER",
        ),
    ],
)
def test_a_plugin_that_fails_when_it_is_loaded_is_refused_with_its_line(
    tmp_path: Path, written: str, line: int, said: str
) -> None:
    install(tmp_path, "annecy", written)
    refused = started_with(tmp_path, "Communes.installed(['annecy'])")
    assert refused.endswith(f"/portail_annecy.py:{line}: The commune 'annecy' cannot be loaded: {said}")


def test_a_broken_package_does_not_stop_the_communes_that_do_not_need_it(tmp_path: Path) -> None:
    install(tmp_path, "annecy", "import not_there")
    assert started_with(tmp_path, "print(list(Communes.installed(['mesnil'])))") == "['mesnil']"


def test_the_official_calendar_reaches_the_summer_of_2028(communes: Communes) -> None:
    assert {commune.ask(hookspecs.calendar).horizon for commune in communes.values()} == {date(2028, 8, 31)}
