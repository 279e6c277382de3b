"""A yearly file that nothing loses: the server is killed between any two steps, and two devices type at once."""

from pathlib import Path

from tests.journeys.filing import DOSSIER, FILE, answer_everything, missing, read, save, send_document, values
from tests.journeys.portal import Portal, Visitor
from tests.journeys.questions import codes, invited_parent

PARENT = "test2.test2@example.org"
AGENT = "agent@melle.example"
CHOSEN = "melle-2026"
YEAR = "2026-2027"
MORNING = "2026-06-01T09:{:02}:00+02:00"


def test_a_file_survives_a_killed_server_between_any_two_steps(database_url: str, tmp_path: Path) -> None:
    portal = Portal(tmp_path, database_url, MORNING.format(0))
    started = 0

    def after_a_power_cut(who: str = PARENT, password: str = CHOSEN) -> Visitor:
        """The server is killed, another one starts on the same tables, and somebody signs in again."""
        nonlocal portal, started
        started += 1
        portal.kill()
        portal = Portal(tmp_path, database_url, MORNING.format(started)).__enter__()
        return portal.signed_in("melle", who, password)

    portal.__enter__()
    try:
        parent = invited_parent(portal, "melle", PARENT, CHOSEN)
        child = parent.household()["children"]["Enfant"]
        draft = save(parent, child, YEAR, 0, ecole="École du bourg")
        assert values(draft) == {"ecole": "École du bourg"}

        parent = after_a_power_cut()
        (kept,) = read(parent)
        assert (kept["version"], values(kept)) == (1, {"ecole": "École du bourg"})
        answer_everything(parent, child, YEAR, ecole="École du bourg", pai="yes")

        parent = after_a_power_cut()
        (kept,) = read(parent)
        assert (values(kept)["ecole"], missing(kept)) == ("École du bourg", ["vaccinations", "pai"])
        send_document(parent, "vaccinations", child)

        parent = after_a_power_cut()
        send_document(parent, "pai", child)

        parent = after_a_power_cut()
        (kept,) = read(parent)
        assert (kept["state"], missing(kept)) == ("DRAFT", [])
        file = {"childId": child, "schoolYear": YEAR}
        assert parent.do("dossierSubmit", DOSSIER, **file, attests=True)["dossier"]["state"] == "SUBMITTED"

        agent = after_a_power_cut(AGENT, "Demonstration2026")
        (waiting,) = agent.ask("{ dossiersToDecide { nodes { id } } }")["dossiersToDecide"]["nodes"]
        pieces = [{"code": "pai", "reason": "Il manque la page 2."}]
        agent.do("piecesRequest", "dossier { state }", id=waiting["id"], pieces=pieces)

        parent = after_a_power_cut()
        (kept,) = read(parent)
        assert (kept["state"], missing(kept)) == ("SUBMITTED", ["pai"])
        send_document(parent, "pai", child, "Deux pages")
        parent.do("dossierSubmit", DOSSIER, **file, attests=True)

        agent = after_a_power_cut(AGENT, "Demonstration2026")
        assert agent.do("dossierDecide", DOSSIER, id=waiting["id"], accept=True)["dossier"]["state"] == "ACCEPTED"

        after_a_power_cut()
        portal.mail(PARENT, ": validé")  # the mail waited in the tables
    finally:
        portal.kill()


def test_two_devices_that_edit_one_file_lose_nothing_silently(database_url: str, tmp_path: Path) -> None:
    with Portal(tmp_path, database_url, MORNING.format(0)) as portal:
        phone = invited_parent(portal, "melle", PARENT, CHOSEN)
        tablet = portal.signed_in("melle", PARENT, CHOSEN)
        child = phone.household()["children"]["Enfant"]
        opened = save(phone, child, YEAR, 0)
        saved = save(phone, child, YEAR, opened["version"], ecole="École du bourg", classe="CE1")
        late = {
            "childId": child,
            "schoolYear": YEAR,
            "version": opened["version"],
            "answers": [{"question": "classe", "value": "CM2"}],
        }
        answer = tablet.mutate("dossierSave", f"{DOSSIER} latest {{ {FILE} }}", **late)
        assert (codes(answer["userErrors"]), answer["dossier"]) == ({"CONFLICT"}, None)
        assert values(answer["latest"]) == values(saved) == {"ecole": "École du bourg", "classe": "CE1"}
        chosen = save(tablet, child, YEAR, answer["latest"]["version"], classe="CM2")
        assert values(chosen) == {"ecole": "École du bourg", "classe": "CM2"}

        answer = phone.mutate("dossierCancel", f"{DOSSIER} latest {{ {FILE} }}", id=opened["id"], version=1)
        assert (codes(answer["userErrors"]), answer["dossier"]) == ({"CONFLICT"}, None)
        assert values(answer["latest"]) == values(chosen)
        file = {"childId": child, "schoolYear": YEAR, "attests": True, "version": saved["version"]}
        assert codes(tablet.refusals("dossierSubmit", **file)) == {"CONFLICT"}
        assert [values(kept) for kept in read(phone)] == [values(chosen)]
