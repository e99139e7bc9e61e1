import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from liuchi.ground.attachments.preparing import plain_name, prepare
from liuchi.ground.attachments.scanning import Finding, scan
from liuchi.ground.attachments.sniffing import JPEG, MOST_BYTES, PDF, PNG, SHEET, WEBP, WORD, FileRefused, sniff
from liuchi.ground.attachments.testing import PDF_BYTES, office_file, photo


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (photo(), JPEG),
        (photo(kind="PNG"), PNG),
        (photo(kind="WEBP"), WEBP),
        (PDF_BYTES, PDF),
        (office_file("word/document.xml"), WORD),
        (office_file("xl/workbook.xml"), SHEET),
    ],
)
def test_file_when_sniffed_then_its_bytes_tell_what_it_is(data: bytes, kind: str) -> None:
    assert sniff(data).content_type == kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\x00" + bytes(100),
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="x" onload="alert(1)"/>',
        b"#!/bin/sh\n" + photo(),
        b"<html>" + PDF_BYTES,
        b"PK\x03\x04 not an archive",
        office_file("other/part.xml"),
        b"\xff\xd8\xff" + bytes(MOST_BYTES),
    ],
)
def test_file_when_it_is_of_no_kind_that_is_taken_then_refused(data: bytes) -> None:
    with pytest.raises(FileRefused):
        sniff(data)


def test_word_file_when_it_carries_macros_then_refused() -> None:
    import zipfile

    out = io.BytesIO(office_file("word/document.xml"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/vbaProject.bin", "x")

    with pytest.raises(FileRefused):
        sniff(out.getvalue())


@given(st.binary(max_size=300))
def test_bytes_when_they_are_anything_then_taken_or_refused_and_nothing_else(data: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBP", b"PK\x03\x04"):
        try:
            prepare(start + data, "x")
        except FileRefused:
            continue


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_when_prepared_then_it_says_nothing_of_itself_any_more(kind: str) -> None:
    data = photo(kind=kind)
    assert b"SECRET-CAMERA" in data

    ready = prepare(data, "a.jpg")

    for stored in (ready.data, ready.thumbnail):
        assert b"SECRET-CAMERA" not in stored
        assert b"2024:10:08" not in stored
        assert dict(Image.open(io.BytesIO(stored)).getexif()) == {}
    assert (ready.taken_at, ready.longitude, ready.latitude) == (None, None, None)


def test_photo_when_its_place_is_declared_then_time_and_place_are_kept_beside_it() -> None:
    ready = prepare(photo(), "a.jpg", declares_place=True)

    assert ready.taken_at == datetime(2024, 10, 8, 1, 30, tzinfo=UTC)
    assert (round(ready.latitude or 0, 4), round(ready.longitude or 0, 4)) == (30.5255, 117.0436)
    assert b"GPS" not in ready.data


@pytest.mark.parametrize("bad", ["", "0000:00:00 00:00:00", "yesterday", "2024:13:45 99:00:00"])
def test_photo_when_its_clock_says_nonsense_then_no_time_is_kept(bad: str) -> None:
    assert prepare(photo(taken=bad, place=False), "a.jpg", declares_place=True).taken_at is None


def test_photo_when_taken_sideways_then_stored_upright() -> None:
    ready = prepare(photo((640, 480), orientation=6), "a.jpg")

    assert (ready.width, ready.height) == (480, 640)


def test_photo_when_large_then_stored_at_most_2560_long_with_a_thumbnail() -> None:
    ready = prepare(photo((4000, 3000)), "a.jpg")

    assert (ready.width, ready.height) == (2560, 1920)
    assert max(Image.open(io.BytesIO(ready.thumbnail)).size) == 480


def test_picture_when_it_is_a_bomb_then_refused_before_it_is_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")

    with pytest.raises(FileRefused, match="too many pixels"):
        prepare(out.getvalue(), "a.png")


def test_picture_when_cut_off_then_refused() -> None:
    with pytest.raises(FileRefused, match="damaged"):
        prepare(photo()[:2000], "a.jpg")


def test_picture_when_a_script_follows_its_end_then_the_script_is_gone() -> None:
    ready = prepare(photo() + b"<script>alert(1)</script>", "a.jpg")

    assert b"<script>" not in ready.data


def test_transparent_picture_when_prepared_then_stays_transparent() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (200, 0, 0, 0)).save(out, "PNG")

    ready = prepare(out.getvalue(), "a.png")

    assert Image.open(io.BytesIO(ready.data)).convert("RGBA").getpixel((5, 5)) == (200, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("IMG_1.JPG", "IMG_1.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\张三\\门口.png", "门口.jpg"),
        ("evil\u202egpj.exe", "evilgpj.jpg"),
        ("", "file.jpg"),
        ("...", "file.jpg"),
        ("a\r\nX: y.jpg", "aX: y.jpg"),
        ("长" * 200 + ".jpg", "长" * 60 + ".jpg"),
    ],
)
def test_name_when_made_plain_then_it_has_no_path_and_the_ending_of_its_content(name: str, plain: str) -> None:
    assert plain_name(name, "jpg") == plain


def _scanner(tmp_path: Path, body: str) -> str:
    script = tmp_path / "scanner.py"
    script.write_text(f"import sys\ndata = sys.stdin.buffer.read()\n{body}\n")
    return f"{sys.executable} {script}"


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("sys.exit(0)", Finding.CLEAN),
        ("sys.exit(1 if b'EICAR' in data else 0)", Finding.INFECTED),
        ("sys.exit(2)", Finding.UNKNOWN),
    ],
)
def test_scanner_when_it_answers_then_its_exit_code_is_the_finding(
    settings: Any, tmp_path: Path, body: str, finding: Finding
) -> None:
    settings.LIUCHI_SCANNER = _scanner(tmp_path, body)

    assert scan(b"EICAR") == finding


def test_scanner_when_there_is_none_then_not_asked_and_when_it_is_missing_then_unknown(settings: Any) -> None:
    settings.LIUCHI_SCANNER = ""
    assert scan(b"x") == Finding.NOT_ASKED

    settings.LIUCHI_SCANNER = "/nowhere/scanner -"
    assert scan(b"x") == Finding.UNKNOWN


def test_file_when_infected_then_refused_and_when_the_scanner_is_silent_then_it_waits(
    settings: Any, tmp_path: Path
) -> None:
    settings.LIUCHI_SCANNER = _scanner(tmp_path, "sys.exit(1)")
    with pytest.raises(FileRefused, match="virus"):
        prepare(PDF_BYTES, "a.pdf")

    settings.LIUCHI_SCANNER = _scanner(tmp_path, "sys.exit(3)")
    assert prepare(PDF_BYTES, "a.pdf").waits


def test_photo_when_its_exif_is_broken_anywhere_then_taken_all_the_same() -> None:
    whole = photo((8, 6), orientation=6)
    start = whole.index(b"Exif") + 6
    for place in range(start + 8, start + 120):
        for wrong in (0, 2, 5, 7, 10, 255):
            broken = bytearray(whole)
            broken[place] = wrong

            assert prepare(bytes(broken), "a.jpg", declares_place=True).content_type == JPEG


@pytest.mark.parametrize("orientation", range(9))
def test_photo_when_the_camera_was_held_otherwise_then_stands_upright(orientation: int) -> None:
    image = Image.new("RGB", (32, 16), "white")
    image.paste("black", (0, 0, 16, 8))
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    image.save(out, format="PNG", exif=exif)
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(out.getvalue()))).convert("L")

    kept = Image.open(io.BytesIO(prepare(out.getvalue(), "a.png").data)).convert("L")

    assert (kept.size, kept.tobytes()) == (expected.size, expected.tobytes())
