"""What an operator does: starts, kills, starts again, forgets a setting; each mistake is told in one sentence."""

import socket
from pathlib import Path

import pytest

from gateway.sealing import new_key
from tests.journeys.portal import CHECKOUT, Portal, environment, free_port, run_command

STARTED = "2026-10-05T09:00:00+02:00"
RESTARTED = "2026-10-05T10:00:00+02:00"
MADAME = "madame.test@example.org"
AGENT = "agent@chavagne.example"


def settings(directory: Path, **changed: str) -> dict[str, str]:
    """What ``serve`` and the other commands need, on files of their own."""
    files = f"sqlite://{directory}/{{commune}}.sqlite3"
    return {**environment(free_port(), files), "PORTAIL_SECRET_KEYS": new_key(), **changed}


def test_the_demonstration_survives_a_power_cut_with_its_data_and_sends_no_mail_twice(
    database_url: str, tmp_path: Path
) -> None:
    with Portal(tmp_path, database_url, STARTED) as first:
        login, generated = first.visitor("chavagne").activate(MADAME)
        agent = first.signed_in("chavagne", AGENT)
        agent.do("articlePublish", "article { title }", title="Une nouvelle", body="Elle doit rester.")
        before = agent.ask("{ news { nodes { id title } } }")
        first.kill()

    with Portal(tmp_path, database_url, RESTARTED) as second:
        visitor = second.visitor("chavagne")
        assert visitor.ask("{ news { nodes { id title } } }") == before
        assert visitor.sign_in(login, generated) == ["CHANGE_PASSWORD", "ACCEPT_TERMS"]
        # A mail that is sent now leaves after all those that were still waiting.
        visitor.do("passwordChange", currentPassword=generated, newPassword="Chavagne2026")
        second.mail(MADAME, "votre mot de passe a été changé")
        assert second.mails(MADAME, "activez votre espace famille") == []
        agent = second.signed_in("chavagne", AGENT)
        assert agent.ask("{ stuckEffects { kind } }") == {"stuckEffects": []}


def test_a_port_that_is_taken_is_said_in_one_sentence(database_url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run_command(tmp_path, "demo", "--now", STARTED, **environment(port, database_url))
    assert ended.returncode == 1
    assert ended.stdout == ""
    (sentence,) = ended.stderr.splitlines()
    assert f"port {port}" in sentence.lower()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"PORT": "80800"}, "PORT is '80800'"),
        ({"DATABASE_URL": "sqlite://var/one-file.sqlite3"}, "{commune} in the file name"),
        ({"PORTAIL_SECRET_KEYS": ""}, "PORTAIL_SECRET_KEYS is missing"),
        ({"PORTAIL_COMMUNES": "atlantide"}, "atlantide"),
        ({"PORTAIL_PUBLIC_URL": "http://portail.example"}, "PORTAIL_PUBLIC_URL"),
        ({"PORTAIL_SMTP_HOTS": "localhost"}, "did you mean PORTAIL_SMTP_HOST"),
    ],
)
def test_a_wrong_setting_is_said_in_one_sentence(tmp_path: Path, wrong: dict[str, str], told: str) -> None:
    ended = run_command(tmp_path, "check", **settings(tmp_path, **wrong))
    assert (ended.returncode, ended.stdout) == (1, "")
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith("check: ")
    assert told in sentence


def test_a_postgresql_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    address = f"postgres://portail:hush@127.0.0.1:{free_port()}/portail"
    ended = run_command(tmp_path, "migrate", **settings(tmp_path, DATABASE_URL=address))
    assert (ended.returncode, ended.stdout) == (1, "")
    (sentence,) = ended.stderr.splitlines()
    assert "PostgreSQL does not answer" in sentence
    assert "hush" not in sentence


def test_serving_waits_for_the_migrations_and_a_second_migration_does_nothing(tmp_path: Path) -> None:
    environ = settings(tmp_path, PORTAIL_COMMUNES="chavagne,melle")
    refused = run_command(tmp_path, "serve", **environ)
    assert refused.returncode == 1
    assert "python -m gateway migrate" in refused.stderr
    assert "Traceback" not in refused.stderr

    first = run_command(tmp_path, "migrate", **environ)
    assert (first.returncode, first.stderr) == (0, "")
    steps = sorted(path.stem for path in (CHECKOUT / "resolvers/models/migrations").glob("0*.py"))
    assert first.stdout.splitlines() == [f"{slug}: {step}" for slug in ("chavagne", "melle") for step in steps]
    second = run_command(tmp_path, "migrate", **environ)
    assert (second.returncode, second.stdout) == (0, "Every commune is up to date.\n")


def test_check_names_every_commune_and_schema_prints_what_is_committed(tmp_path: Path) -> None:
    checked = run_command(tmp_path, "check", **settings(tmp_path))
    assert (checked.returncode, checked.stderr) == (0, "")
    slugs = {line.partition(":")[0] for line in checked.stdout.splitlines()}
    assert slugs == {"epagny", "chavagne", "melle", "mesnil", "chailles"}
    printed = run_command(tmp_path, "schema", **settings(tmp_path))
    assert printed.stdout == (CHECKOUT / "schema/schema.graphql").read_text(encoding="utf-8")


def test_a_start_without_offset_is_refused(tmp_path: Path) -> None:
    ended = run_command(tmp_path, "demo", "--now", "2026-10-05T09:00:00", **settings(tmp_path))
    assert ended.returncode == 1
    assert "--now needs an offset" in ended.stderr
