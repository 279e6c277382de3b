"""Pictures are rewritten: what they show stays, what they tell of the family goes."""

from pathlib import Path

import pytest
import typst

from gateway.inspection.photographs import BrokenPictureError, HugePictureError, rewritten_jpeg, rewritten_png
from tests.hostile_files import chunk, exif, jpeg, png, segment

PLACE = b"48.0833,-1.7667"
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(100)


@pytest.mark.parametrize("content", [jpeg(), png(), jpeg(exif(6)), png(3, 5, chunk(b"tEXt", b"lieu\x00" + PLACE))])
def test_what_is_rewritten_is_still_a_picture_for_another_program(content: bytes, tmp_path: Path) -> None:
    name = "photo.jpg" if content.startswith(b"\xff\xd8") else "photo.png"
    rewritten = rewritten_jpeg(content) if name.endswith("jpg") else rewritten_png(content)
    (tmp_path / name).write_bytes(rewritten)
    (tmp_path / "page.typ").write_text(f'#image("{name}")', encoding="utf-8")
    assert b"/Image" in typst.compile(tmp_path / "page.typ", root=tmp_path)


@pytest.mark.parametrize("turned", range(2, 9))
def test_a_photograph_stays_upright_and_forgets_where_it_was_taken(turned: int) -> None:
    rewritten = rewritten_jpeg(jpeg(exif(turned, PLACE), segment(0xFE, b"appareil de Madame Test")))
    assert PLACE not in rewritten
    assert b"Madame" not in rewritten
    assert rewritten == rewritten_jpeg(rewritten)
    assert rewritten_jpeg(jpeg(exif(turned, b""))) == rewritten
    assert rewritten != rewritten_jpeg(jpeg())


@pytest.mark.parametrize("turned", [0, 1, 9, 600])
def test_an_orientation_that_says_nothing_is_dropped(turned: int) -> None:
    assert rewritten_jpeg(jpeg(exif(turned))) == jpeg()


@pytest.mark.parametrize("remark", [b"Exif\x00\x00", b"Exif\x00\x00II*\x00", b"Exif\x00\x00MM\x00*\xff\xff\xff\xff"])
def test_a_broken_remark_is_dropped(remark: bytes) -> None:
    assert rewritten_jpeg(jpeg(segment(0xE1, remark))) == jpeg()


def test_the_film_that_a_telephone_puts_after_the_picture_is_dropped() -> None:
    assert rewritten_jpeg(jpeg() + FILM) == jpeg()
    assert rewritten_png(png() + FILM) == png()


def test_colours_are_kept() -> None:
    profile, adobe = segment(0xE2, b"ICC_PROFILE\x00\x01\x01"), segment(0xEE, b"Adobe\x00d")
    assert rewritten_jpeg(jpeg(profile, adobe)) == jpeg(profile, adobe)
    assert rewritten_jpeg(jpeg(segment(0xE2, b"MPF\x00"))) == jpeg()
    gamma = chunk(b"gAMA", b"\x00\x00\xb1\x8f")
    assert rewritten_png(png(8, 8, gamma, chunk(b"tIME", bytes(7)))) == png(8, 8, gamma)


@pytest.mark.parametrize("kept", range(3, len(jpeg())))
def test_a_jpeg_that_is_cut_is_broken(kept: int) -> None:
    with pytest.raises(BrokenPictureError):
        rewritten_jpeg(jpeg()[:kept])


@pytest.mark.parametrize("kept", range(8, len(png())))
def test_a_png_that_is_cut_is_broken(kept: int) -> None:
    with pytest.raises(BrokenPictureError):
        rewritten_png(png()[:kept])


@pytest.mark.parametrize("content", [jpeg(scan=b"", width=0), jpeg(jpeg()[2:-2]), b"\xff\xd8\xff\xd9"])
def test_a_jpeg_without_exactly_one_picture_is_broken(content: bytes) -> None:
    with pytest.raises(BrokenPictureError):
        rewritten_jpeg(content)


def test_a_picture_that_unfolds_into_more_than_it_says_is_huge() -> None:
    with pytest.raises(HugePictureError):
        rewritten_png(png(8, 8, rows=bytes(8 * 9 + 1)))
    many_scans = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x3f"
    with pytest.raises(HugePictureError):
        rewritten_jpeg(jpeg(end=many_scans * 200 + b"\xff\xd9"))
