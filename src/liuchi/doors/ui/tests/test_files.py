"""Photos from the form to the reader: who sees them, and who does not."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liuchi.doors.ui.testing import browser, report_by_page
from liuchi.engines.cases.models import Case, CaseMove, Report
from liuchi.engines.cases.testing import World, dispatched, handed_in
from liuchi.ground.attachments.models import Attachment
from liuchi.ground.attachments.testing import photo
from liuchi.ground.people.actions import erase_person

THUMBNAIL = re.compile(r'<img src="(/files/[^"]+)"')


def upload(name: str = "门口.jpg", data: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or photo((80, 60)), content_type="text/html")


def with_photo(client: Client, **values: str) -> str:
    client.post("/report/", {"text": "井盖坏了", "photos": [upload()], **values})
    return str(client.get("/report/done/").context["number"])


def thumbnails(client: Client, path: str) -> list[str]:
    return THUMBNAIL.findall(client.get(path).content.decode())


def test_photo_when_sent_with_a_report_then_reporter_and_desk_see_it_and_the_public_does_not(world: World) -> None:
    reporter = browser()
    number = with_photo(reporter)

    own, desk, public = (
        thumbnails(client, path)
        for client, path in (
            (reporter, f"/cases/{number}/"),
            (browser("desk"), f"/office/cases/{number}/"),
            (browser(), f"/cases/{number}/"),
        )
    )

    assert (len(own), len(desk), len(public)) == (1, 1, 0)
    shown = reporter.get(own[0])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown.getvalue().startswith(b"\xff\xd8\xff")


def test_link_to_a_photo_when_somebody_else_uses_it_then_leads_nowhere(world: World) -> None:
    reporter = browser()
    (link,) = thumbnails(reporter, f"/cases/{with_photo(reporter)}/")
    assert reporter.get(link).getvalue()

    for other in ("", "desk", "resident", "water"):
        assert browser(other).get(link).status_code == 404


def test_photo_when_the_form_has_an_error_then_it_is_still_there_and_goes_with_the_words(world: World) -> None:
    client = browser()

    answer = client.post("/report/", {"text": "", "photos": [upload(), upload()]})
    kept = re.findall(r'name="kept_photos" value="([^"]+)"', answer.content.decode())
    client.post("/report/", {"text": "井盖坏了", "kept_photos": kept})

    assert answer.status_code == 422
    assert len(kept) == 2
    report = Report.objects.get()
    assert Attachment.objects.filter(subject_type="cases.report", subject_id=report.id).count() == 2


def test_photo_when_crossed_out_then_it_is_gone_and_the_words_are_still_there(world: World) -> None:
    client = browser()
    answer = client.post("/report/", {"text": "", "photos": [upload()]})
    (kept,) = re.findall(r'name="kept_photos" value="([^"]+)"', answer.content.decode())

    page = client.post("/report/", {"text": "井盖坏了", "kept_photos": kept, "drop_photo": kept}).content.decode()

    assert "井盖坏了" in page
    assert kept not in page
    assert Case.objects.count() == 0
    assert Attachment.objects.get().state == "removed"


def test_file_when_it_is_of_no_kind_that_is_taken_then_says_so_and_keeps_words_and_the_other_photos(
    world: World,
) -> None:
    client = browser()

    answer = client.post("/report/", {"text": "井盖坏了", "photos": [upload("病毒.exe", b"MZ" + bytes(99)), upload()]})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "病毒.exe" in page
    assert "井盖坏了" in page
    assert page.count('name="kept_photos"') == 1
    assert Case.objects.count() == 0


def test_photos_when_somebody_elses_are_named_then_they_are_not_taken_along(world: World) -> None:
    victim, thief = browser(), browser()
    answer = victim.post("/report/", {"text": "", "photos": [upload()]})
    (theirs,) = re.findall(r'name="kept_photos" value="([^"]+)"', answer.content.decode())

    thief.post("/report/", {"text": "路灯不亮", "kept_photos": theirs})

    assert Report.objects.count() == 1
    assert Attachment.objects.get().subject_id is None


def test_photo_when_a_unit_hands_in_its_result_then_goes_with_the_move_and_checker_and_reporter_see_it(
    world: World,
) -> None:
    case = dispatched(world)
    page = f"/office/cases/{case.number}/"

    browser("water").post(page + "hand_in/", {"version": case.version, "text": "已换新井盖", "photos": [upload()]})

    move = CaseMove.objects.get(case=case, name="hand_in")
    assert Attachment.objects.get().subject_id == move.id
    assert len(thumbnails(browser("checker"), page)) == 1
    assert thumbnails(browser(), f"/cases/{case.number}/") == []


def test_photo_when_the_desk_removes_it_then_nobody_sees_it_any_more(world: World) -> None:
    reporter, desk = browser(), browser("desk")
    number = with_photo(reporter)
    (link,) = thumbnails(reporter, f"/cases/{number}/")
    path = f"/office/cases/{number}/files/{Attachment.objects.get().id}/remove/"

    refused = browser("checker").post(path, {"reason": "privacy"})
    desk.post(path, {"reason": "privacy"})

    assert refused.status_code == 403
    assert reporter.get(link).status_code == 404
    assert thumbnails(desk, f"/office/cases/{number}/") == []


def test_file_of_another_case_when_removed_through_this_one_then_404(world: World) -> None:
    with_photo(browser())
    other, _ = report_by_page(browser())

    answer = browser("desk").post(
        f"/office/cases/{other}/files/{Attachment.objects.get().id}/remove/", {"reason": "privacy"}
    )

    assert answer.status_code == 404
    assert Attachment.objects.get().state == "ready"


def test_form_with_files_when_too_large_together_then_413_says_what_to_do(
    world: World, settings: pytest.FixtureRequest
) -> None:
    settings.LIUCHI_MOST_UPLOADED = 1000  # type: ignore[attr-defined]

    answer = browser().post("/report/", {"text": "井盖坏了", "photos": [upload()]})

    assert answer.status_code == 413


def test_person_when_erased_then_the_photos_of_their_reports_are_gone(world: World) -> None:
    from liuchi.engines.cases.actions.standards import erase_reporter
    from liuchi.ground.kernel.actors import System

    with_photo(browser("resident"))
    person = world.viewer("resident").person_id

    erase_person(by=System("test"), person_id=person)
    erase_reporter(by=System("test"), person_id=person)

    assert Attachment.objects.get().state == "removed"


def test_case_without_photos_when_handed_in_then_its_pages_show_none(world: World) -> None:
    case = handed_in(world)

    assert thumbnails(browser("checker"), f"/office/cases/{case.number}/") == []
