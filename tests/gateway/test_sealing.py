"""Sealed texts can be read by us only, and keys can be changed."""

from pathlib import Path

import pytest

from gateway.sealing import FernetSealer, kept_key, new_key
from resolvers.ports import Sealer


def test_a_sealed_text_is_ascii_and_comes_back() -> None:
    sealer: Sealer = FernetSealer([new_key()])

    sealed = sealer.seal("FR76 3000 6000 0112 3456 7890 189 — Élodie 😀")

    assert sealed.isascii()
    assert "FR76" not in sealed
    assert sealer.unseal(sealed) == "FR76 3000 6000 0112 3456 7890 189 — Élodie 😀"


def test_sealing_twice_shows_no_repetition() -> None:
    sealer = FernetSealer([new_key()])

    assert sealer.seal("allergie : arachide") != sealer.seal("allergie : arachide")


def test_a_new_first_key_still_reads_what_the_old_one_sealed() -> None:
    old, new = new_key(), new_key()
    sealed_before = FernetSealer([old]).seal("avant")

    both = FernetSealer([new, old])

    assert both.unseal(sealed_before) == "avant"
    assert FernetSealer([new]).unseal(both.seal("après")) == "après"


def test_a_mark_finds_a_short_secret_again_under_any_key_and_says_nothing_of_it() -> None:
    old, new = new_key(), new_key()
    (stored,) = FernetSealer([old]).marks("4072-KRX-815")

    both = FernetSealer([new, old]).marks("4072-KRX-815")

    assert both == (FernetSealer([new]).marks("4072-KRX-815")[0], stored)
    assert len({*both, *FernetSealer([new, old]).marks("4072-KRX-816")}) == 4
    assert len(stored) == 64


def test_a_file_is_sealed_a_third_shorter_than_a_text_and_read_again_by_any_key() -> None:
    old, new = new_key(), new_key()
    content = bytes(range(256)) * 40
    sealed = FernetSealer([old]).seal_bytes(content)
    assert content[:64] not in sealed
    assert len(sealed) < len(content) + 80
    assert FernetSealer([new, old]).unseal_bytes(sealed) == content


@pytest.mark.parametrize("forged", [b"", b"\x80", b"pas un sceau", bytes(1000)])
def test_a_file_that_was_not_sealed_is_refused(forged: bytes) -> None:
    with pytest.raises(ValueError, match="not sealed by one of our keys"):
        FernetSealer([new_key()]).unseal_bytes(forged)


@pytest.mark.parametrize("forged", ["", "pas un sceau", "é", "gAAAAA", "\x00", "x" * 10_000])
def test_anything_else_is_refused(forged: str) -> None:
    with pytest.raises(ValueError, match="not sealed by one of our keys"):
        FernetSealer([new_key()]).unseal(forged)


def test_a_text_sealed_by_a_foreign_key_or_altered_is_refused() -> None:
    sealer = FernetSealer([new_key()])
    sealed = sealer.seal("secret")
    altered = sealed[:-10] + ("A" if sealed[-10] != "A" else "B") + sealed[-9:]

    for wrong in (FernetSealer([new_key()]).seal("secret"), altered):
        with pytest.raises(ValueError, match="not sealed by one of our keys"):
            sealer.unseal(wrong)


def test_a_sealer_without_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one key"):
        FernetSealer([])


def test_the_demonstration_keeps_its_key_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret.key"

    first, second = kept_key(path), kept_key(path)

    assert first == second
    assert FernetSealer([first]).unseal(FernetSealer([second]).seal("lisible")) == "lisible"
    assert path.stat().st_mode & 0o777 == 0o600
