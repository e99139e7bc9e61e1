"""Lending somebody, noting the return, taking them off the roll; refusals keep what was typed."""

from liuchi.doors.office.staff.tests.conftest import MARCH
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.models import Employment, Secondment


def test_row_when_lent_returned_and_ended_then_each_is_offered_and_made_once(staff: Employment) -> None:
    client, page = browser("personnel", "en"), f"/office/staff/{staff.id}/"
    with frozen_at(MORNING):
        assert client.get(page + "return/").status_code == 404
        lent = client.post(page + "lend/", {"to_organisation": "路灯所", "since": "2024-09-01", "document": "借〔1〕"})
        assert (lent.status_code, lent.headers["Location"]) == (302, page)
        assert Secondment.objects.get().document == "借〔1〕"
        assert "Note the return" in client.get(page).content.decode()
        assert client.post(page + "return/", {"on": "2024-09-10"}).status_code == 302
        assert client.post(page + "end/", {"on": "2024-09-11"}).status_code == 302
        assert client.get(page + "end/").status_code == 404

    staff.refresh_from_db()
    assert (str(staff.valid_to), str(Secondment.objects.get().returned_on)) == ("2024-09-11", "2024-09-10")


def test_lend_when_refused_then_what_was_typed_stays(staff: Employment) -> None:
    client, page = browser("personnel", "en"), f"/office/staff/{staff.id}/lend/"
    with frozen_at(MORNING):
        unknown = client.post(page, {"to_organisation": "没有这个单位", "since": str(MARCH)})
        own = client.post(page, {"to_organisation": "一街道", "since": str(MARCH)})
        ahead = client.post(page, {"to_organisation": "路灯所", "since": "2024-12-01"})

    assert (unknown.status_code, own.status_code, ahead.status_code) == (422, 409, 409)
    assert "没有这个单位" in unknown.content.decode()
    assert "They work there" in own.content.decode()
    assert Secondment.objects.count() == 0


def test_act_when_of_another_place_or_unknown_then_not_found(staff: Employment) -> None:
    with frozen_at(MORNING):
        end = browser("far-personnel").post(f"/office/staff/{staff.id}/end/", {"on": "2024-09-11"})
        assert end.status_code == 404
        assert browser("personnel").get(f"/office/staff/{staff.id}/dance/").status_code == 404
