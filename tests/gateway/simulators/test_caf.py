"""The simulated funds: refusals written as the real ones write them, faults on demand, the TEST families known."""

import httpx
import pytest

from gateway.caf import PATH
from gateway.demonstration.allocataires import BIRTH_TOWN, BORN, allocataires
from gateway.demonstration.families import COMMUNES
from gateway.simulators.caf import CafFaults, caf_app
from tests.gateway.payments.loopback import SteppedClock

pytestmark = pytest.mark.anyio

TOKEN = {"Authorization": "Bearer demonstration"}
MONSIEUR = {
    "recipient": "21350076500012",
    "nomNaissance": "TEST",
    "prenoms[]": "Monsieur",
    "anneeDateNaissance": str(BORN.year),
    "moisDateNaissance": str(BORN.month),
    "jourDateNaissance": str(BORN.day),
    "codeCogInseePaysNaissance": "99100",
    "codeCogInseeCommuneNaissance": BIRTH_TOWN,
}


def browser() -> httpx.AsyncClient:
    """Somebody who speaks to the funds of the demonstration."""
    app = caf_app(SteppedClock(), allocataires(COMMUNES.values()))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://caf.example")


async def test_a_test_parent_is_known_with_the_children_of_the_guide() -> None:
    async with browser() as client:
        data = (await client.get(PATH, params=MONSIEUR, headers=TOKEN)).raise_for_status().json()["data"]
    assert data["quotient_familial"] == {
        "fournisseur": "CNAF",
        "valeur": 480,
        "annee": 2026,
        "mois": 11,
        "annee_calcul": 2026,
        "mois_calcul": 11,
    }
    assert [(each["prenoms"], each["date_naissance"]) for each in data["enfants"]] == [
        ("ENFANT1", "2017-03-14"),
        ("ENFANT2", "2019-09-02"),
    ]


@pytest.mark.parametrize(
    ("params", "headers", "status", "code"),
    [
        (MONSIEUR, {}, 401, "00101"),
        ({**MONSIEUR, "recipient": ""}, TOKEN, 422, "00301"),
        ({name: value for name, value in MONSIEUR.items() if name != "prenoms[]"}, TOKEN, 422, "00301"),
        ({**MONSIEUR, "nomNaissance": "PERSONNE"}, TOKEN, 404, "37003"),
    ],
)
async def test_refusals_are_written_as_the_real_server_writes_them(
    params: dict[str, str], headers: dict[str, str], status: int, code: str
) -> None:
    async with browser() as client:
        answer = await client.get(PATH, params=params, headers=headers)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"], sorted(error)) == (
        status,
        code,
        ["code", "detail", "meta", "source", "title"],
    )


async def test_faults_are_set_told_and_set_right_again() -> None:
    async with browser() as client:
        told = (await client.post("/control", json={"slow": 0.5, "down": True})).json()
        assert told == {"faults": {"slow": 0.5, "down": True, "limited": False, "malformed": False}, "asked": 0}
        assert (await client.delete("/control")).json()["faults"]["down"] is False
        assert (await client.post("/control", json={"slow": 61})).status_code == 400


@pytest.mark.parametrize("wishes", [[], {"fast": 1}, {"slow": True}, {"slow": -1}, {"down": 1}, {"malformed": "oui"}])
def test_a_fault_that_does_not_exist_is_refused(wishes: object) -> None:
    with pytest.raises(ValueError, match=r"expected|slow|true or false"):
        CafFaults().changed(wishes)
