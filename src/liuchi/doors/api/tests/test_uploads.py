"""Files over weak connections: cut off, gone on with, checked, named in reports and answers."""

import base64
import hashlib
from typing import Any

import pytest
from django.test import Client

from liuchi.doors.api import uploads
from liuchi.doors.ui.testing_keys import key_for
from liuchi.engines.cases.models import Report
from liuchi.engines.cases.testing import World, dispatched, give_role, point_in
from liuchi.ground.attachments.models import Attachment, Upload
from liuchi.ground.attachments.testing import photo

UPLOADS = "/api/v1/uploads"
CHUNK = "application/offset+octet-stream"


@pytest.fixture
def client(world: World) -> Client:
    """Return an app with a key for reporting."""
    give_role("other-city", "desk", world.district)
    return _client(key_for(world, "other-city", ["cases.report", "cases.see"]))


def _client(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}", "tus-resumable": "1.0.0", "accept-language": "en"})


def begin(client: Client, length: int, status: int = 201, /, **headers: str) -> Any:
    response = client.post(UPLOADS, b"", headers={"upload-length": str(length), **headers}, content_type=CHUNK)
    assert response.status_code == status, response.content
    return response


def piece(client: Client, address: str, offset: int, data: bytes, status: int = 204, /, **headers: str) -> Any:
    given = {"upload-offset": str(offset), **headers}
    response = client.patch(address, data, content_type=CHUNK, headers=given)
    assert response.status_code == status, response.content
    return response


def whole(client: Client, content: bytes) -> str:
    """Send a file in three pieces and return its id."""
    address = begin(client, len(content))["Location"]
    third = len(content) // 3
    for at, end in ((0, third), (third, 2 * third), (2 * third, len(content))):
        piece(client, address, at, content[at:end])
    return str(address.rpartition("/")[2])


def test_file_when_cut_off_then_goes_on_where_it_ended(client: Client) -> None:
    content = photo(size=(300, 200))
    name = base64.b64encode("现场.jpg".encode()).decode()
    answer = begin(client, len(content), **{"upload-metadata": f"filename {name},kind"})
    address = answer["Location"]
    assert (answer["Tus-Resumable"], answer["Upload-Offset"]) == ("1.0.0", "0")
    assert answer["Upload-Expires"].endswith("GMT")

    piece(client, address, 0, content[:5000])
    asked = client.head(address)
    assert (asked["Upload-Offset"], asked["Upload-Length"]) == ("5000", str(len(content)))
    assert asked["Cache-Control"] == "no-store"
    done = piece(client, address, 5000, content[5000:])

    file = Attachment.objects.get()
    assert done["Upload-Offset"] == str(len(content))
    assert (file.name, file.subject_id, file.width) == ("现场.jpg", None, 300)
    assert client.get(address).json()["is_kept"]


def test_piece_when_sent_again_after_a_lost_answer_then_409_says_where_to_go_on(client: Client) -> None:
    address = begin(client, 10)["Location"]
    piece(client, address, 0, b"1234")

    problem = piece(client, address, 0, b"1234", 409).json()

    assert (problem["code"], "4" in problem["detail"]) == ("wrong_offset", True)
    assert client.head(address)["Upload-Offset"] == "4"


def test_file_when_begun_again_under_its_name_then_is_the_one_begun_before(client: Client) -> None:
    first, again = (begin(client, 10, **{"idempotency-key": "walk"})["Location"] for _ in range(2))

    assert first == again
    assert Upload.objects.count() == 1


def test_first_piece_when_it_comes_along_then_is_taken(client: Client) -> None:
    content = photo(size=(30, 20))

    response = client.post(UPLOADS, content, content_type=CHUNK, headers={"upload-length": str(len(content))})

    assert (response.status_code, response["Upload-Offset"]) == (201, str(len(content)))
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_piece_when_harmed_then_460_and_it_is_not_taken(client: Client, algorithm: str) -> None:
    address = begin(client, 10)["Location"]
    digest = base64.b64encode(hashlib.new(algorithm, b"1234").digest()).decode()

    harmed = piece(client, address, 0, b"1235", 460, **{"upload-checksum": f"{algorithm} {digest}"})
    piece(client, address, 0, b"1234", **{"upload-checksum": f"{algorithm} {digest}"})

    assert harmed.json()["code"] == "checksum_mismatch"
    assert piece(client, address, 4, b"5", 400, **{"upload-checksum": "md5 xx"}).json()["code"] == "checksum_unreadable"


@pytest.mark.parametrize("version", ["", "0.2.2"])
def test_request_when_of_another_version_then_412_names_ours(client: Client, version: str) -> None:
    response = begin(client, 10, 412, **{"tus-resumable": version})

    assert (response["Tus-Version"], response["Tus-Resumable"]) == ("1.0.0", "1.0.0")


def test_door_when_asked_then_says_what_it_speaks(client: Client) -> None:
    response = client.options(UPLOADS)

    assert response.status_code == 204
    assert response["Tus-Version"] == "1.0.0"
    assert set(response["Tus-Extension"].split(",")) >= {"creation", "checksum", "expiration"}
    assert response["Tus-Max-Size"] == str(20 * 1024**2)


def test_piece_when_its_type_is_another_then_415(client: Client) -> None:
    address = begin(client, 10)["Location"]

    assert client.patch(address, b"1", content_type="image/jpeg", headers={"upload-offset": "0"}).status_code == 415


def test_file_when_too_large_then_413(client: Client) -> None:
    assert begin(client, 20 * 1024**2 + 1, 413).json()["code"] == "too_large"


def test_file_when_it_is_none_that_is_taken_then_422_and_gone(client: Client) -> None:
    address = begin(client, 12)["Location"]

    problem = piece(client, address, 0, b"<svg></svg>x", 422).json()

    assert problem["code"]
    assert client.head(address).status_code == 404
    assert not Upload.objects.exists()


def test_file_when_another_key_s_then_404(client: Client, world: World) -> None:
    address = begin(client, 10)["Location"]
    other = _client(key_for(world, "other-city", ["cases.report"]))

    assert [other.head(address).status_code, other.delete(address).status_code] == [404, 404]
    piece(other, address, 0, b"1", 404)


def test_file_when_the_key_is_exchanged_on_its_way_then_goes_on_with_the_new_one(client: Client) -> None:
    content = photo(size=(90, 60))
    address = begin(client, len(content), **{"idempotency-key": "walk"})["Location"]
    piece(client, address, 0, content[:100])

    new = client.post("/api/v1/me/key", {"grace_hours": 24}, content_type="application/json").json()["secret"]
    client = _client(new)

    assert begin(client, len(content), **{"idempotency-key": "walk"})["Location"] == address
    assert client.head(address)["Upload-Offset"] == "100"
    piece(client, address, 100, content[100:])
    said = {"text": "井盖坏了", "files": [address.rpartition("/")[2]]}
    sent = client.post("/api/v1/cases", said, content_type="application/json", headers={"idempotency-key": "a"})
    assert sent.status_code == 201, sent.content
    assert Attachment.objects.get().subject_id == Report.objects.get().id


def test_file_when_let_go_of_then_is_gone(client: Client) -> None:
    address = begin(client, 10)["Location"]

    assert client.delete(address).status_code == 204
    assert client.head(address).status_code == 404


def test_report_when_it_names_files_then_they_go_with_it_once(client: Client, world: World) -> None:
    longitude, latitude = point_in(world, 0)
    one = whole(client, photo(size=(90, 60)))
    said = {"text": "井盖坏了", "longitude": longitude, "latitude": latitude, "files": [one, one]}

    for status in (201, 200):
        sent = client.post("/api/v1/cases", said, content_type="application/json", headers={"idempotency-key": "a"})
        assert sent.status_code == status, sent.content

    file = Attachment.objects.get()
    assert (file.subject_type, file.subject_id) == ("cases.report", Report.objects.get().id)


@pytest.mark.parametrize("is_begun", [True, False])
def test_report_when_it_names_a_file_that_is_not_whole_then_refused(client: Client, is_begun: bool) -> None:
    one = begin(client, 10)["Location"].rpartition("/")[2] if is_begun else "0192f0c0-0000-7000-8000-000000000000"
    said = {"text": "井盖坏了", "files": [one]}

    sent = client.post("/api/v1/cases", said, content_type="application/json", headers={"idempotency-key": "a"})

    assert sent.status_code == (422 if is_begun else 404)
    assert not Report.objects.exists()


def test_answer_when_it_names_a_file_then_it_goes_with_the_move(world: World) -> None:
    case, client = dispatched(world), _client(key_for(world, "water"))
    one = whole(client, photo(size=(90, 60)))
    said = {"text": "已更换井盖", "files": [one]}

    address = f"/api/v1/cases/{case.number}/moves/hand_in"
    sent = client.post(address, said, content_type="application/json", headers={"if-match": f'"{case.version}"'})

    assert sent.status_code == 200, sent.content
    assert Attachment.objects.get().subject_id == case.moves.get(name="hand_in").id


def test_last_piece_when_the_process_ended_behind_it_then_the_file_is_kept_when_asked_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = photo(size=(30, 20))
    address = begin(client, len(content))["Location"]
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "_keep", lambda viewer, row: None)
        piece(client, address, 0, content)
    assert not Attachment.objects.exists()

    assert client.get(address).json()["is_kept"]
    assert client.get(address).json()["is_kept"]
    assert Attachment.objects.count() == 1
