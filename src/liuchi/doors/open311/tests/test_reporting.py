"""What the specification says of taking a request in, row by row, in both forms."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liuchi.doors.open311 import services
from liuchi.doors.open311.tests.test_reading import BOTH, MEDIA, V2, get
from liuchi.doors.open311.writing import MEDIA as SENT
from liuchi.doors.ui import keys
from liuchi.doors.ui.testing_keys import key_for
from liuchi.engines.cases.models import Case, Report
from liuchi.engines.cases.testing import World, give_role, point_in
from liuchi.ground.attachments.models import Attachment
from liuchi.ground.attachments.stores import store
from liuchi.ground.attachments.testing import photo

COVER = "component-0101"


def post(form: str, secret: str, status: int = 201, name: str = "", **values: Any) -> Any:
    """Send a report and return its one answer as plain data."""
    given = {"api_key": secret, "service_code": COVER, "attribute[condition]": "missing", **values}
    given = {key: value for key, value in given.items() if value is not None}
    headers = {"accept-language": "en"} | ({"idempotency-key": name} if name else {})
    client = Client(enforce_csrf_checks=True, headers=headers)
    content = urlencode(given, doseq=True)
    response = client.post(f"{V2}requests.{form}", content, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response["Content-Type"]) == (status, MEDIA[form]), response.content
    rows = response.json() if form == "json" else _rows(response.content)
    assert len(rows) == 1
    return rows[0]


def _rows(content: bytes) -> list[dict[str, str | None]]:
    from xml.etree import ElementTree as ET

    return [{child.tag: child.text for child in row} for row in ET.fromstring(content)]


def here(world: World) -> dict[str, Any]:
    longitude, latitude = point_in(world, 0)
    return {"lat": f"{latitude:.6f}", "long": f"{longitude:.6f}"}


def test_media_when_compared_then_are_those_of_the_specification() -> None:
    assert MEDIA == SENT


@BOTH
def test_report_when_sent_then_is_a_case_with_number_and_receipt(world: World, secret: str, form: str) -> None:
    told = post(
        form, secret, description="晚上很危险", first_name="小明", last_name="王", phone="19900001234", **here(world)
    )

    case, said = Case.objects.get(), Report.objects.get()
    assert told["service_request_id"] == case.number
    assert "token" not in told
    assert told["service_notice"]
    assert (case.place.kind, case.channel, said.matter) == ("grid", "api", COVER)
    assert said.text == "晚上很危险\n井盖怎么了？ 缺失"
    assert said.reporter is None
    assert said.name_sealed is not None


@BOTH
def test_report_when_read_again_then_has_the_service_it_was_sent_to(world: World, secret: str, form: str) -> None:
    told = post(form, secret, **here(world))

    (found,) = get(f"{V2}requests/{told['service_request_id']}", form)
    of_service = get(f"{V2}requests?service_code={COVER}", form)

    assert (found["service_code"], found["status"]) == (COVER, "open")
    assert [row["service_request_id"] for row in of_service] == [told["service_request_id"]]
    assert not get(f"{V2}requests?service_code=unclassified", form)


@BOTH
@pytest.mark.parametrize("where", [{"address_string": "菱湖南路88号"}, {"address_id": "88"}])
def test_report_when_it_has_an_address_only_then_is_taken(
    world: World, secret: str, form: str, where: dict[str, Any]
) -> None:
    post(form, secret, **where)

    assert Case.objects.get().address == next(iter(where.values()))


@BOTH
@pytest.mark.parametrize("key", [None, "", "nobody.knows"])
def test_report_when_it_has_no_key_in_force_then_403(world: World, secret: str, form: str, key: str | None) -> None:
    post(form, secret, 403, api_key=key, **here(world))

    assert not Case.objects.exists()


@BOTH
def test_report_when_the_key_is_for_something_else_then_403(world: World, form: str) -> None:
    give_role("reader", "desk", world.district)

    post(form, key_for(world, "reader", ["cases.see"]), 403, **here(world))


@BOTH
@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "nothing"}, 404, "service"),
        ({"lat": "", "long": ""}, 400, "where"),
        ({"lat": "", "long": "", "address_string": ""}, 400, "where"),
        ({"lat": ""}, 400, "where"),
        ({"long": ""}, 400, "where"),
        ({"lat": "north"}, 400, "degrees"),
        ({"lat": "nan"}, 400, "degrees"),
        ({"long": "500"}, 400, "degrees"),
        ({"attribute[condition]": ""}, 400, "attribute[condition]"),
        ({"attribute[condition]": "gone"}, 400, "attribute[condition]"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"jurisdiction_id": "nowhere"}, 404, "jurisdiction"),
    ],
)
def test_report_when_something_is_wrong_then_says_what(
    world: World, secret: str, form: str, values: dict[str, Any], status: int, words: str
) -> None:
    error = post(form, secret, status, **{**here(world), **values})

    assert error["code"] == str(status)
    assert words in error["description"]
    assert not Case.objects.exists()


@BOTH
def test_attribute_when_it_takes_several_then_all_are_kept(world: World, secret: str, form: str) -> None:
    several: dict[str, Any] = {
        "service_code": "component-0109",
        "attribute[trouble][]": ["dark", "cable"],
        "attribute[pole]": "A17",
    }

    post(form, secret, **several, **here(world))

    assert Report.objects.get().text.splitlines()[1:] == ["灯杆编号 A17", "出了什么问题？ 不亮、电线外露"]


@BOTH
def test_report_when_sent_twice_under_one_name_then_is_one_case(world: World, secret: str, form: str) -> None:
    first, again = (post(form, secret, name="one", **here(world)) for _ in range(2))

    assert first == again
    assert post(form, secret, **here(world)) != first
    assert Case.objects.count() == 2


@BOTH
def test_batch_service_when_reported_then_gives_a_token_that_resolves(
    world: World, secret: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_said", lambda: {COVER: {"type": "batch"}})

    told = post(form, secret, **here(world))
    (found,) = get(f"{V2}tokens/{told['token']}", form)

    assert "service_request_id" not in told
    assert found == {"service_request_id": Case.objects.get().number, "token": told["token"]}


@BOTH
@pytest.mark.parametrize("token", ["20240912-000001", "20240912-000001~x", "x"])
def test_token_when_it_is_none_of_ours_then_404(world: World, form: str, token: str) -> None:
    get(f"{V2}tokens/{token}", form, 404)


@BOTH
def test_picture_when_named_then_is_written_down_and_not_fetched(world: World, secret: str, form: str) -> None:
    urls = ["https://pictures.example/1.jpg", "javascript:alert(1)", "https://pictures.example/2.jpg"]

    post(form, secret, media_url=urls, **here(world))

    assert [line for line in Report.objects.get().text.splitlines() if "pictures.example" in line] == [
        "Picture: https://pictures.example/1.jpg",
        "Picture: https://pictures.example/2.jpg",
    ]


@BOTH
def test_key_when_used_too_often_then_429(
    world: World, secret: str, form: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "_buckets", {})
    settings.LIUCHI_API_RATE = 1
    post(form, secret, **here(world))

    post(form, secret, 429, **here(world))


def send_files(form: str, secret: str, status: int = 201, name: str = "media", **values: Any) -> Any:
    """Send a report as multipart with what `files` holds."""
    files = values.pop("files")
    given = {"api_key": secret, "service_code": COVER, "attribute[condition]": "missing", **values, name: files}
    response = Client(enforce_csrf_checks=True, headers={"accept-language": "en"}).post(f"{V2}requests.{form}", given)
    assert (response.status_code, response["Content-Type"]) == (status, MEDIA[form]), response.content
    (row,) = response.json() if form == "json" else _rows(response.content)
    return row


def a_file(content: bytes, name: str = "IMG_0001.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


@BOTH
@pytest.mark.parametrize("name", ["media", "media[]", "media_url"])
def test_files_when_sent_with_a_report_then_go_with_it_without_their_place(
    world: World, secret: str, form: str, name: str
) -> None:
    told = send_files(form, secret, name=name, files=[a_file(photo()), a_file(photo(size=(90, 60)))], **here(world))

    said = Report.objects.get()
    files = Attachment.objects.order_by("id")
    assert said.case.number == told["service_request_id"]
    assert [(each.subject_type, each.subject_id) for each in files] == [("cases.report", said.id)] * 2
    for each in files:
        with store().open(each.key) as kept:
            assert b"SECRET-CAMERA" not in kept.read()
        assert each.longitude is None


@BOTH
def test_file_when_not_taken_then_the_words_are_all_the_same(world: World, secret: str, form: str) -> None:
    send_files(form, secret, files=[a_file(b"<svg onload=alert(1)>"), a_file(photo())], **here(world))

    assert "A file was not taken" in Report.objects.get().text
    assert Attachment.objects.get().subject_id == Report.objects.get().id


@BOTH
def test_files_when_there_are_too_many_then_400(world: World, secret: str, form: str) -> None:
    send_files(form, secret, 400, files=[a_file(b"x")] * 10, **here(world))

    assert not Case.objects.exists()


@BOTH
def test_files_when_reports_fail_then_later_ones_are_taken_all_the_same(
    world: World, secret: str, form: str, settings: Any
) -> None:
    settings.LIUCHI_API_RATE = 6000
    for _ in range(13):
        send_files(form, secret, 400, files=[a_file(photo(size=(8, 8)))], lat="", long="")

    send_files(form, secret, files=[a_file(photo(size=(8, 8)))], **here(world))

    assert Attachment.objects.exclude(subject_id=None).count() == 1


@BOTH
def test_request_when_it_has_photos_then_none_of_them_is_public(world: World, secret: str, form: str) -> None:
    told = send_files(form, secret, files=[a_file(photo())], **here(world))

    (found,) = get(f"{V2}requests/{told['service_request_id']}", form)

    assert found["media_url"] is None
