"""The lists: whom one sees, masked; how they are narrowed, paged and taken out of the house."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.doors.office.people.tests.conftest import DAY, NAME, NUMBER, PHONE, SEALED, Ground, register
from liuchi.doors.office.people.views import lists
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, SETUP, give_role
from liuchi.ground.access.actions import break_glass
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions import begin_care


def shown(username: str, address: str = "/office/people/") -> str:
    with frozen_at(MORNING):
        answer = browser(username).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_list_when_opened_then_masked_and_only_within_reach(ground: Ground) -> None:
    page = shown("registrar")

    assert "金**" in page
    assert "199****5678" in page
    assert "990803********0011" in page
    assert not any(value in page for value in (NAME, *SEALED))
    assert "金**" in shown("worker")
    assert "金**" not in shown("other-registrar")


def test_list_when_the_role_has_no_power_for_people_then_403(ground: Ground) -> None:
    for username in ("desk", "resident", "auditor"):
        assert browser(username).get("/office/people/").status_code == 403


def test_list_when_narrowed_then_those_that_fit_and_an_empty_answer_leads_on(ground: Ground) -> None:
    grids = ground.world.grids

    assert "金**" in shown("registrar", f"/office/people/?area={grids[0].id}&q=金&age=60")
    for query in (f"area={grids[1].id}", "q=银", "age=80", "age=child", "care=orphan"):
        assert "没有符合条件的人员" in shown("registrar", f"/office/people/?{query}") or "Nobody fits" in shown(
            "registrar", f"/office/people/?{query}"
        )
    assert "金**" in shown("registrar", "/office/people/?area=x&age=x&after=x&household=x")


def test_list_when_longer_than_a_page_then_leads_to_the_next(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with frozen_at(MORNING):
        for number in range(52):
            register(ground.world, f"居民{number:02}", f"199000044{number:02}")
    client = browser("registrar")

    with frozen_at(MORNING):
        first = client.get("/office/people/")
        second = client.get("/office/people/?" + first.context["next"])

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 3)
    assert 'rel="next"' not in second.content.decode()


def test_list_when_longer_then_asks_the_database_no_more_often(ground: Ground) -> None:
    client, counts = browser("registrar"), []
    with frozen_at(MORNING):
        client.get("/office/people/")
        for number in range(3):
            register(ground.world, f"居民{number}", f"1990000440{number}")
            with CaptureQueriesContext(connection) as asked:
                client.get("/office/people/")
            counts.append(len(asked))

    assert counts[0] == counts[1] == counts[2]


def taken_out(username: str) -> str:
    """Return the list of people as a file, with the answer what for."""
    client = browser(username)
    with frozen_at(MORNING):
        question = client.get("/office/people/?format=csv")
        asked = question.context["asked"]
        answer = client.get("/office/people/", {"format": "csv", "asked": asked, "purpose": _purpose(question)})
        return b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def test_list_when_taken_out_then_asks_what_for_and_holds_masked_numbers(ground: Ground) -> None:
    file = taken_out("registrar")

    assert NAME in file
    assert "199****5678" in file
    assert not any(value in file for value in (PHONE, NUMBER))
    assert Line.objects.filter(kind="exchange.exported").count() == 1
    assert browser("worker").get("/office/people/?format=csv").status_code == 403


def test_list_when_seen_more_widely_than_it_may_be_taken_out_then_the_file_holds_no_more_than_may(
    ground: Ground,
) -> None:
    with frozen_at(MORNING):
        give_role("other-registrar", "grid_worker", ground.world.grids[0])
        give_role("duty", "duty_officer", ground.world.district)
        give_role("duty", "registrar", ground.world.communities[3])
        break_glass(
            by=ground.world.viewer("duty"),
            reason="井下有人，须找家属",
            minutes=30,
            area_id=ground.world.communities[0].id,
            powers=["people.see"],
        )
        register(ground.world, "那边的人", "19900005555", grid=7)

    for username in ("other-registrar", "duty"):
        assert "金**" in shown(username)
        assert ("那边的人" in taken_out(username), NAME in taken_out(username)) == (True, False)


def _purpose(question: object) -> str:
    return str(question.context["form"].fields["purpose"].choices[0][0])  # type: ignore[attr-defined]


def test_care_list_when_opened_then_what_ends_first_and_only_for_who_may(ground: Ground) -> None:
    with frozen_at(MORNING):
        begin_care(
            by=SETUP,
            person_id=ground.person.id,
            category="orphan",
            basis="某文件",
            valid_from=DAY,
            valid_to=DAY + lists.SOON,
        )

    page = shown("registrar", "/office/people/care/")

    assert "孤儿" in page
    assert NAME not in page
    assert browser("worker").get("/office/people/care/").status_code == 403
    assert "孤儿" in shown("registrar", "/office/people/care/?care=orphan&after=x")
    assert "金**" not in shown("registrar", "/office/people/care/?care=low-income")
    assert "金**" not in shown("registrar", "/office/people/care/?soon=1")
    assert "金**" not in shown("other-registrar", "/office/people/care/")
    assert "金**" in shown("registrar", "/office/people/?care=orphan")
