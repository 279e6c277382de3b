"""Our licence is the official text; what runs with us may be combined with it, and is listed with its reason."""

import hashlib
import re
import tomllib
from importlib.metadata import metadata

import pytest

from tests.docs.markdown import BY_NAME, ROOT, rows

EUPL = "57fb42fbcd0b037ce528ed8f72f1ec095d67bc6825ecf1448ff39be1fe68a4b4"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DIRECT = [requirement.partition("==")[0] for requirement in PROJECT["dependencies"]]
LOCKED = re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)

COMBINABLE = frozenset(
    {
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "LGPL-2.1-only",  # in the EUPL's own list of compatible licences; used as a library, unchanged
        "MIT",
        "MIT-0",
        "MPL-2.0",
        "PSF-2.0",
        "Unlicense",
    }
)
SPELLED = {
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",  # rstr: its LICENSE has the three clauses
    "MIT License": "MIT",
    "License :: OSI Approved :: MIT License": "MIT",
}


def licence_of(package: str) -> str:
    """The SPDX expression of an installed package, read from its own metadata."""
    about = metadata(package)
    classifiers = [line for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    said: list[str] = [*(about.get_all("License-Expression") or ()), *(about.get_all("License") or ()), *classifiers]
    return SPELLED.get(said[0], said[0])


def test_the_licence_is_the_official_text_of_eupl_1_2() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == EUPL
    assert PROJECT["license"] == "EUPL-1.2"


@pytest.mark.parametrize("package", LOCKED)
def test_every_package_that_runs_with_us_may_be_combined_with_our_licence(package: str) -> None:
    assert set(re.split(r" OR | AND |[()]", licence_of(package))) - {""} <= COMBINABLE


def test_every_runtime_dependency_is_listed_with_its_licence_and_its_reason() -> None:
    table = rows(BY_NAME["docs/adr/0012-runtime-dependencies.md"].text)
    assert [(package, licence) for package, licence, _ in table] == [(name, licence_of(name)) for name in DIRECT]
    assert all(reason for _, _, reason in table)
