"""One person on the roll: their posts and secondments; what they earn only after saying what for."""

from datetime import date
from decimal import Decimal

from liuchi.doors.office.staff.tests.conftest import MARCH, employ
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, World, give_role
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.actions.posts import open_post
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.testing import SETUP
from liuchi.ground.people.actions.heads import Office, elect_head
from liuchi.ground.people.actions.posts import take_post
from liuchi.ground.people.actions.secondments import return_secondment, second_person
from liuchi.ground.people.actions.staff import record_income
from liuchi.ground.people.models import Employment
from liuchi.ground.people.staffing import Meant
from liuchi.ground.people.testing import resident


def test_member_when_shown_then_with_posts_and_secondments_but_not_the_income(staff: Employment) -> None:
    with frozen_at(MORNING):
        post = open_post(by=SETUP, organisation_id=staff.organisation_id, title="网格站长", on=MARCH)
        take_post(by=SETUP, post_id=post.id, person=Meant(staff.person_id), on=MARCH)
        lights = Organisation.objects.get(code="lights")
        second_person(by=SETUP, employment_id=staff.id, to_organisation_id=lights.id, since=MARCH)
        record_income(by=SETUP, employment_id=staff.id, yearly=Decimal(43210), as_of=MARCH)
        page = browser("personnel", "en").get(f"/office/staff/{staff.id}/").content.decode()

    for words in ("欧阳明", "网格站长", "大观区路灯管理所", "Show the income"):
        assert words in page
    assert "43210" not in page


def test_member_when_of_another_place_then_not_found(staff: Employment) -> None:
    with frozen_at(MORNING):
        assert browser("far-personnel").get(f"/office/staff/{staff.id}/").status_code == 404
        assert browser("far-personnel").post(f"/office/staff/{staff.id}/income/").status_code == 404


def test_income_when_a_purpose_is_said_then_shown_once_and_a_line_left(staff: Employment) -> None:
    with frozen_at(MORNING):
        record_income(by=SETUP, employment_id=staff.id, yearly=Decimal(43210), as_of=MARCH)
        client, address = browser("personnel", "en"), f"/office/staff/{staff.id}/income/"
        before = Line.objects.count()

        unsaid = client.post(address, {"of": str(staff.id)})
        assert (unsaid.status_code, "43210" in unsaid.content.decode(), Line.objects.count()) == (422, False, before)
        other = employ("慕容小")
        before = Line.objects.count()
        assert client.post(address, {"of": str(other.id), "purpose": "supervision"}).status_code == 404
        assert Line.objects.count() == before
        shown = client.post(address, {"of": str(staff.id), "purpose": "supervision"})

    assert "43210" in shown.content.decode().replace(",", "")
    line = Line.objects.order_by("seq").last()
    assert line is not None
    assert line.data["field"] == "people.income"
    assert line.data["purpose"] == "supervision"


def test_secondments_when_too_long_then_warned_and_those_back_stand_apart(staff: Employment) -> None:
    with frozen_at(MORNING):
        lights, client = Organisation.objects.get(code="lights"), browser("personnel", "en")
        row = second_person(by=SETUP, employment_id=staff.id, to_organisation_id=lights.id, since=MARCH)
        away = client.get("/office/staff/secondments/").content.decode()
        return_secondment(by=SETUP, secondment_id=row.id, on=date(2024, 9, 1))
        after = client.get("/office/staff/secondments/").content.decode()
        back = client.get("/office/staff/secondments/?state=back").content.decode()
        elsewhere = browser("far-personnel", "en").get("/office/staff/secondments/?state=back").content.decode()

    assert "欧阳明" in away
    assert "1 person has been lent longer than planned" in away
    assert "no document" in away
    assert "Nobody is lent" in after
    assert "欧阳明" in back
    assert "欧阳明" not in elsewhere


def test_heads_when_a_term_ends_soon_then_marked_and_found(staff: Employment, world: World) -> None:
    with frozen_at(MORNING):
        for number, (place, until) in enumerate((("1单元", date(2024, 10, 1)), ("2单元", date(2026, 10, 1)))):
            elect_head(
                by=SETUP,
                person=Meant(resident(f"单元长{number}", f"1990007000{number}").id),
                office=Office("unit", world.grids[0].id, place),
                elected_how="residents",
                on=MARCH,
                until=until,
            )
        give_role("everywhere", "personnel", world.district)
        client = browser("everywhere", "en")
        every = client.get("/office/staff/heads/").content.decode()
        soon = client.get("/office/staff/heads/?term=soon").content.decode()
        over = client.get("/office/staff/heads/?term=over&kind=unit&q=1").content.decode()

    assert ("单元长0" in every, "单元长1" in every) == (True, True)
    assert ("单元长0" in soon, "单元长1" in soon) == (True, False)
    assert "ends soon" in soon
    assert "Nothing fits this choice" in over
