"""Files made to do harm, at the two places where files come in: brought into a register, and sent with a report."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liuchi.config.tests.hostile.attacks import BOMB, ENTITY, WORDS
from liuchi.config.tests.hostile.standing import changed, standing
from liuchi.doors.ui import keys
from liuchi.doors.ui.testing import browser
from liuchi.doors.ui.testing_keys import key_for
from liuchi.engines.cases.models import Case, Report, Topic
from liuchi.engines.cases.testing import MORNING, World, give_role, small_world
from liuchi.ground.attachments.models import Attachment
from liuchi.ground.attachments.testing import PDF_BYTES, photo
from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.testing import as_csv, as_xlsx
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.testing import run_jobs
from liuchi.ground.territory.queries import forget

pytestmark = pytest.mark.slow
HEADINGS = ("编码", "一级分类", "二级分类", "三级分类")
ROW = ["010101", "城乡建设", "安全生产", "事故处理"]


@pytest.fixture
def world(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    settings.LIUCHI_API_RATE = 1_000_000
    monkeypatch.setattr(keys, "_buckets", {})
    with frozen_at(MORNING):
        made = small_world()
    yield made
    forget()


@pytest.fixture
def keeper(world: World) -> Client:
    give_role("keeper", "system_admin", world.district)
    return browser("keeper", "en")


def workbook(changes: dict[str, Callable[[bytes], bytes]], more: dict[str, bytes] | None = None) -> bytes:
    """Return a sound workbook with some of its parts made otherwise, packed again."""
    out = io.BytesIO()
    sound = zipfile.ZipFile(io.BytesIO(as_xlsx([ROW], HEADINGS)))
    with sound, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sound.namelist():
            made.writestr(name, changes.get(name, bytes)(sound.read(name)))
        for name, content in (more or {}).items():
            made.writestr(name, content)
    return out.getvalue()


def with_doctype(declared: bytes, used: bytes) -> Callable[[bytes], bytes]:
    def changed_part(part: bytes) -> bytes:
        head, mark, rest = part.partition(b"?>")
        return head + mark + declared + rest.replace("事故处理".encode(), used)

    return changed_part


_LAUGHS = BOMB[BOMB.index(b"<!DOCTYPE") : BOMB.index(b"]>") + 2].replace(b"lolz", b"sst")
_PASSWD = b'<!DOCTYPE sst [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
STRINGS = "xl/sharedStrings.xml"
IMPORTS: dict[str, Callable[[], bytes]] = {
    "workbook with an XML bomb": lambda: workbook({STRINGS: with_doctype(_LAUGHS, b"&j;")}),
    "workbook with an external entity": lambda: workbook({STRINGS: with_doctype(_PASSWD, b"&e;")}),
    "workbook that unfolds to a gigabyte": lambda: workbook({}, {"xl/media/x": b"\0" * (300 * 1024**2)}),
    "workbook cut off": lambda: as_xlsx([ROW], HEADINGS)[:-200],
    "workbook of nothing": lambda: b"PK\x05\x06" + b"\0" * 18,
    "XML bomb": lambda: BOMB,
    "external entity": lambda: ENTITY,
    "places drawn (KML)": lambda: b'<?xml version="1.0"?><kml><Placemark/></kml>',
    "packed text": lambda: gzip.compress(as_csv([ROW], HEADINGS)),
    "picture": photo,
    "PDF": lambda: PDF_BYTES,
    "zeros": lambda: b"\0" * 100_000,
    "one line without end": lambda: b"x" * 3_000_000,
    "deep JSON": lambda: b"[" * 200_000,
    "program": lambda: b"MZ" + b"\x90" * 4000,
}


@pytest.mark.parametrize("name", IMPORTS)
def test_file_when_made_to_do_harm_then_is_read_as_nothing_and_says_why(keeper: Client, name: str) -> None:
    file = SimpleUploadedFile("分类.xlsx", IMPORTS[name]())

    answer = keeper.post("/office/exchange/new/", {"register": "topics", "file": file})
    run_jobs()

    assert answer.status_code in {302, 422}, answer.content.decode()[:500]
    one = Import.objects.order_by("-received_at").first()
    page = keeper.get(f"/office/exchange/{one.id}/").content.decode() if one else answer.content.decode()
    assert one is None or (one.state == State.READ) != bool(one.trouble), one.trouble
    assert not [word for word in ("root:", "lollol", "Traceback") if word in page]
    assert not Topic.objects.exists()


def test_cells_when_hostile_then_come_back_in_a_file_in_which_nothing_calculates(keeper: Client) -> None:
    rows = [[f"x{number}", text, "安全生产", text] for number, text in enumerate(WORDS.values())]
    file = SimpleUploadedFile("分类.xlsx", as_xlsx(rows, HEADINGS))
    keeper.post("/office/exchange/new/", {"register": "topics", "file": file})
    run_jobs()
    one = Import.objects.get()
    chosen = {
        "from_code": HEADINGS[0],
        "from_level1": HEADINGS[1],
        "from_level2": HEADINGS[2],
        "from_level3": HEADINGS[3],
    }
    keeper.post(f"/office/exchange/{one.id}/columns/", {**chosen, "set_classification": "test"})
    run_jobs()
    page = keeper.get(f"/office/exchange/{one.id}/").content.decode()
    keeper.post(f"/office/exchange/{one.id}/start/")
    run_jobs()

    answer = keeper.get(f"/office/exchange/{one.id}/refused/")

    assert "<script>alert" not in page
    assert "<svg/onload" not in page
    assert not Topic.objects.exists()
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:  # type: ignore[attr-defined]
        parts = b"".join(packed.read(each) for each in packed.namelist() if each.endswith((".xml", ".rels")))
    assert b"<f>" not in parts
    assert b"<hyperlink " not in parts
    assert b"<script>" not in parts


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b"")
    )


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


SCRIPT = b"<html><script>alert(1)</script></html><?php system($_GET[0]); ?>"
#: Files that are refused, each with words that stay.
REFUSED: dict[str, Callable[[], bytes]] = {
    "picture of a hundred megapixels": lambda: png(20_000, 20_000, b"\0" * (60 * 1024**2)),
    "picture that says it is larger than any": lambda: png(2**31 - 1, 2**31 - 1, b"\0"),
    "picture without pixels": lambda: png(0, 0, b""),
    "picture cut off": lambda: photo()[:300],
    "drawing with a script": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "drawing with a bomb": lambda: BOMB,
    "page": lambda: SCRIPT,
    "animation before a page": lambda: b"GIF89a/*" + SCRIPT,
    "archive": lambda: archive(**{"a.txt": b"0" * (20 * 1024**2)}),
    "archive that passes for a letter": lambda: archive(**{"word/document.xml": b"x"}),
    "letter with macros": lambda: archive(
        **{"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b"x"}
    ),
    "program": lambda: b"\x7fELF" + b"\0" * 4000,
    "nothing": lambda: b"",
}
#: Pictures that are something else besides: the picture alone is kept.
POLYGLOTS: dict[str, Callable[[], bytes]] = {
    "page after its end": lambda: photo() + SCRIPT,
    "archive after its end": lambda: photo() + archive(**{"a.txt": SCRIPT}),
    "script in its comment": lambda: photo(comment="<script>alert(1)</script>"),
    "PDF after its end": lambda: photo(kind="PNG") + PDF_BYTES,
}


def reported(client: Client, content: bytes, name: str) -> Any:
    files = {"photos": SimpleUploadedFile(name, content, content_type="image/jpeg")}
    return client.post("/report/", {"token": str(uuid4()), "text": "井盖坏了", **files})


@pytest.mark.parametrize("name", REFUSED)
def test_photo_when_made_to_do_harm_then_refused_and_the_words_stay(world: World, name: str) -> None:
    client = browser(language="en")
    client.get("/report/")
    before = standing()

    answer = reported(client, REFUSED[name](), "a.jpg")

    page = answer.content.decode()
    assert (answer.status_code, "井盖坏了" in page, "a.jpg" in page) == (422, True, True)
    assert changed(before) == []


@pytest.mark.parametrize("name", POLYGLOTS)
def test_photo_when_it_is_something_else_besides_then_only_the_picture_is_kept(world: World, name: str) -> None:
    client = browser(language="en")

    answer = reported(client, POLYGLOTS[name](), '"><script>\u202egpj.exe')

    kept = Attachment.objects.get()
    shown = client.get(f"/cases/{Case.objects.get().number}/").content.decode()
    stored = client.get(shown.partition('href="/files/')[2].partition('"')[0].join(["/files/", ""]))
    content = stored.getvalue() if stored.status_code == 200 else b""
    assert answer.status_code == 302
    assert b"<script>" not in content
    assert b"%PDF" not in content
    assert b"PK\x03\x04" not in content
    assert "<script>" not in shown.partition("</head>")[2]
    assert "\u202e" not in kept.name


@pytest.mark.parametrize("name", ["page", "drawing with a bomb", "picture that says it is larger than any"])
def test_media_when_made_to_do_harm_then_not_kept_and_the_report_is_taken(world: World, name: str) -> None:
    give_role("other-city", "desk", world.district)
    given = {"api_key": key_for(world, "other-city"), "service_code": "component-0101", "description": "井盖不见了"}
    given |= {"attribute[condition]": "missing", "address_string": "菱湖南路"}

    answer = Client().post(
        "/open311/v2/requests.json", {**given, "media": SimpleUploadedFile("a.jpg", REFUSED[name]())}
    )

    assert answer.status_code == 201, answer.content
    assert not Attachment.objects.exists()
    assert Report.objects.get().text.startswith("井盖不见了")
