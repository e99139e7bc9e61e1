"""The page of one person: masked, revealed once with a line, and everything that is done there."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from liuchi.doors.office.people.tests.conftest import DAY, NAME, NUMBER, PHONE, SEALED, STREET, Ground, register
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, SETUP, give_role
from liuchi.ground.access.purposes import READ_PURPOSES
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions import begin_care, give_consent, merge_people, publish_consent_text
from liuchi.ground.people.models import CareStatus, Consent, Merge, Person, PersonChange
from liuchi.ground.people.testing import number
from liuchi.ground.people.values import facts_of


def address(ground: Ground, rest: str = "") -> str:
    return f"/office/people/{ground.person.id}/{rest}"


def page_for(username: str, ground: Ground, query: str = "") -> str:
    with frozen_at(MORNING):
        answer = browser(username).get(address(ground) + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def post(username: str, ground: Ground, rest: str, **values: object) -> object:
    with frozen_at(MORNING + timedelta(minutes=5)):
        return browser(username).post(address(ground, rest), values)


def in_care(ground: Ground, **values: object) -> CareStatus:
    given = {"category": "severe-disability", "basis": "残联〔2024〕3号", "diagnosis": "肢体一级", **values}
    with frozen_at(MORNING):
        care_id = begin_care(
            by=SETUP,
            person_id=ground.person.id,
            valid_from=DAY,
            valid_to=DAY + timedelta(days=200),
            **given,  # type: ignore[arg-type]
        )
    return CareStatus.objects.get(id=care_id)


def test_page_when_opened_then_masked_for_everybody_within_reach_and_not_there_for_others(ground: Ground) -> None:
    in_care(ground)
    for username in ("registrar", "worker"):
        page = page_for(username, ground)
        assert NAME in page
        assert "199****5678" in page
        assert not any(value in page for value in (*SEALED, "肢体一级"))
    assert browser("other-registrar").get(address(ground)).status_code == 404
    assert browser("desk").get(address(ground)).status_code == 403


def test_page_when_a_grid_worker_opens_it_then_offers_no_change_and_no_care(ground: Ground) -> None:
    in_care(ground)

    page = page_for("worker", ground)

    assert "残联" not in page
    assert '<form method="post" action="/office/people/' not in page
    assert "残联" in page_for("registrar", ground)


@pytest.mark.parametrize(
    ("field", "values"), [("contact", (PHONE, STREET)), ("identity", (NUMBER,)), ("diagnosis", ("肢体一级",))]
)
def test_reveal_when_a_purpose_is_given_then_shown_once_and_a_line_is_left(
    ground: Ground, field: str, values: tuple[str, ...]
) -> None:
    care = in_care(ground)
    of = care.id if field == "diagnosis" else ground.person.id

    page = post("registrar", ground, f"reveal/{field}/", of=str(of), purpose="visiting")

    assert all(value in page.content.decode() for value in values)  # type: ignore[attr-defined]
    assert "no-store" in page["Cache-Control"]  # type: ignore[index]
    assert not any(value in page_for("registrar", ground) for value in values)
    line = Line.objects.get(kind="access.revealed")
    assert (line.data["field"], line.data["purpose"]) == (f"people.{field}", "visiting")
    assert (line.data["person"], line.subject_id) == (str(ground.person.id), of)


@pytest.mark.parametrize("field", ["contact", "identity", "diagnosis"])
def test_reveal_when_without_purpose_power_or_reach_then_nothing_and_no_line(ground: Ground, field: str) -> None:
    of = str(in_care(ground).id if field == "diagnosis" else ground.person.id)
    rest = f"reveal/{field}/"

    unasked = post("registrar", ground, rest, of=of)
    worker = post("worker", ground, rest, of=of, purpose="visiting")
    stranger = post("other-registrar", ground, rest, of=of, purpose="visiting")
    wrong = post("registrar", ground, rest, of=str(ground.world.district.id), purpose="visiting")

    statuses = [each.status_code for each in (unasked, worker, stranger, wrong)]  # type: ignore[attr-defined]
    assert statuses == [422, 403, 404, 404]
    assert not any(value in unasked.content.decode() for value in (*SEALED, "肢体一级"))  # type: ignore[attr-defined]
    assert not Line.objects.filter(kind="access.revealed").exists()
    assert post("registrar", ground, "reveal/shoe-size/", of=of).status_code == 404  # type: ignore[attr-defined]


def test_correcting_when_done_then_kept_and_seen_as_of_before(ground: Ground) -> None:
    with frozen_at(MORNING + timedelta(days=2)):
        client = browser("registrar")
        done = client.post(address(ground, "correct/"), {"name": "银丝雀", "phone": "19900004444", "reason": "听错了"})
        page = client.get(address(ground)).content.decode()
        before = client.get(address(ground) + "?on=2024-09-13").content.decode()
        far = client.get(address(ground) + "?on=2024-01-01")

    assert done.status_code == 302
    assert "银丝雀" in page
    assert "听错了" in page
    assert "<bdi>金丝雀</bdi>" in before
    assert "199****5678" in before
    assert far.status_code == 404
    assert facts_of(Person.objects.get(id=ground.person.id))["phone"] == "19900004444"


def test_correcting_when_somebody_was_faster_then_told_and_nothing_changes(ground: Ground) -> None:
    post("registrar", ground, "correct/", name="一")
    first = PersonChange.objects.get()
    post("registrar", ground, "correct/", name="二", since=str(first.id))

    answer = post("registrar", ground, "correct/", name="三", since=str(first.id))

    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert Person.objects.get(id=ground.person.id).name == "二"


def test_correcting_when_nothing_but_the_phone_goes_then_only_that(ground: Ground) -> None:
    post("registrar", ground, "correct/", name=NAME, no_phone="on", birth_on="1950-01-01", sex="1")

    facts = facts_of(Person.objects.get(id=ground.person.id))
    assert (facts["phone"], facts["identity"]) == ("", f"citizen:{NUMBER}")
    assert PersonChange.objects.get().fields == ["phone"]


def test_correcting_when_the_number_is_anothers_then_leads_to_both_side_by_side(ground: Ground) -> None:
    with frozen_at(MORNING):
        other = register(ground.world, "别人", "19900004444", identity=number(serial=5))

    answer = post("registrar", ground, "correct/", name=NAME, identity=number(serial=5))

    assert answer["Location"] == address(ground, f"with/{other.id}/")  # type: ignore[index]


def test_moving_when_within_reach_then_lives_there_and_away_leaves_the_district(ground: Ground) -> None:
    grid = ground.world.grids[1]

    moved = post("registrar", ground, "move/", area=str(grid.id), address="新路一号", on="2024-09-12")
    assert moved.status_code == 302  # type: ignore[attr-defined]
    assert Person.objects.get(id=ground.person.id).home == grid
    refused = post("registrar", ground, "move/", area="", on="2024-09-12")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    later = post("registrar", ground, "move/", area=str(grid.id), address="x", on="2025-09-12")
    assert later.status_code == 409  # type: ignore[attr-defined]


def test_death_when_registered_by_mistake_then_taken_back(ground: Ground) -> None:
    post("registrar", ground, "death/", died_on="2024-09-01")
    dead = page_for("registrar", ground)
    post("registrar", ground, "alive/", reason="同名")

    assert "2024-09-01" in dead
    assert 'id="alive"' in dead
    assert 'id="move"' not in dead
    assert Person.objects.get(id=ground.person.id).death_on is None


def test_care_when_entered_extended_and_ended_then_the_page_says_so(ground: Ground) -> None:
    worker = Person.objects.get(accounts__username="worker")
    begun = post(
        "registrar",
        ground,
        "care/",
        category="disabled-elderly",
        basis="评估〔2024〕5号",
        valid_from="2024-09-12",
        valid_to="2025-03-01",
        diagnosis="卧床",
    )
    care = CareStatus.objects.get()
    extended = post("registrar", ground, "extend/", care_id=str(care.id), basis="复评", valid_to="2025-09-01")
    ended = post("registrar", ground, "end/", care_id=str(care.id), on="2024-10-01", reason="withdrawn")

    assert [each.status_code for each in (begun, extended, ended)] == [302, 302, 302]  # type: ignore[attr-defined]
    care.refresh_from_db()
    assert (str(care.valid_to), care.end_reason) == ("2024-10-01", "withdrawn")
    assert CareStatus.objects.count() == 2
    assert worker is not None


@pytest.mark.parametrize(
    ("rest", "values", "field"),
    [
        ("care/", {"category": "orphan", "valid_from": "2024-09-12", "valid_to": "2024-10-01"}, "basis"),
        ("care/", {"category": "x", "basis": "x", "valid_from": "2024-09-12", "valid_to": "2024-10-01"}, "category"),
        ("death/", {"died_on": ""}, "died_on"),
        ("death/", {"died_on": "2030-01-01"}, "died_on"),
        ("correct/", {"name": ""}, "name"),
    ],
)
def test_act_when_incomplete_then_its_form_stands_open_and_says_where(
    ground: Ground, rest: str, values: dict[str, str], field: str
) -> None:
    answer = post("registrar", ground, rest, **values)

    name = rest.strip("/")
    opened = next(each for each in answer.context["acts"] if each.name == name)  # type: ignore[attr-defined]
    assert answer.status_code in {409, 422}  # type: ignore[attr-defined]
    assert opened.is_open
    assert field in opened.form.errors


def test_act_when_without_the_power_or_unknown_then_nothing_changes(ground: Ground) -> None:
    care = in_care(ground)

    assert post("worker", ground, "correct/", name="x").status_code == 403  # type: ignore[attr-defined]
    assert post("other-registrar", ground, "correct/", name="x").status_code == 404  # type: ignore[attr-defined]
    assert post("registrar", ground, "explode/").status_code == 404  # type: ignore[attr-defined]
    stolen = post("other-registrar", ground, "end/", care_id=str(care.id), on="2024-10-01", reason="moved")
    assert stolen.status_code == 404  # type: ignore[attr-defined]
    assert Person.objects.get(id=ground.person.id).name == NAME


def test_consent_when_recorded_then_withdrawn_with_one_tap(ground: Ground) -> None:
    with frozen_at(MORNING):
        text = publish_consent_text(by=SETUP, purpose="photos", title="活动照片", text="同意拍照")
    assert "活动照片" in page_for("registrar", ground)

    given = post("registrar", ground, "consent/", text_id=str(text.id), way="spoken")
    page = page_for("registrar", ground)
    taken = post("registrar", ground, "withdraw/", purpose="photos", way="phone")

    assert (given.status_code, taken.status_code) == (302, 302)  # type: ignore[attr-defined]
    assert address(ground, "withdraw/") in page
    assert Consent.objects.get().withdrawn_way == "phone"
    assert 'action="' + address(ground, "withdraw/") not in page_for("registrar", ground)


def test_consent_of_a_child_when_recorded_then_the_guardian_is_asked_for(ground: Ground) -> None:
    with frozen_at(MORNING):
        child = register(ground.world, "小朋友", "19900004444", birth_on=DAY - timedelta(days=3000))
        text = publish_consent_text(by=SETUP, purpose="photos", title="活动照片", text="同意拍照")
        client = browser("registrar")
        there = f"/office/people/{child.id}/consent/"
        refused = client.post(there, {"text_id": str(text.id), "way": "spoken"})
        values = {"text_id": str(text.id), "way": "spoken", "guardian": "parent", "guardian_name": "家长"}
        taken = client.post(there, values)

    assert refused.status_code == 409
    assert taken.status_code == 302
    with frozen_at(MORNING):
        assert give_consent(by=SETUP, person_id=child.id, text_id=text.id, way="paper") == Consent.objects.get().id


def test_doubles_when_compared_and_joined_then_one_page_and_separated_again(ground: Ground) -> None:
    with frozen_at(MORNING):
        double = register(ground.world, "金丝鸟", "19900004444", grid=1)
        client = browser("registrar")
        found = client.post(address(ground, "double/"), {"exact": "19900004444"})
        compared = client.get(found["Location"])
        joined = client.post(
            found["Location"],
            {"name": "kept", "phone": "absorbed", "home": "kept", "identity": "kept", **_rest(compared)},
        )
        page = client.get(f"/office/people/{double.id}/").content.decode()
        separated = client.post(address(ground, "separate/"), {"merge_id": str(Merge.objects.get().id)})

    assert found["Location"] == address(ground, f"with/{double.id}/")
    assert "199****4444" in compared.content.decode()
    assert not any(value in compared.content.decode() for value in SEALED)
    assert (joined.status_code, separated.status_code) == (302, 302)
    assert "199****4444" in page
    assert "金丝鸟" in page
    assert facts_of(Person.objects.get(id=ground.person.id))["phone"] == PHONE
    assert Person.objects.get(id=double.id).merged_into is None
    assert Line.objects.filter(kind="access.looked_up", data__purpose="correcting").count() == 1


def _rest(compared: object) -> dict[str, str]:
    form = compared.context["form"]  # type: ignore[attr-defined]
    known = {"name", "phone", "home", "identity", "reason"}
    return {name: str(field.initial) for name, field in form.fields.items() if name not in known}


def test_doubles_when_listed_then_offered_and_out_of_reach_not_shown(ground: Ground) -> None:
    with frozen_at(MORNING):
        register(ground.world, NAME, PHONE, identity=number(serial=7), grid=7)
        page = browser("registrar").get("/office/people/doubles/").content.decode()

    assert "金**" in page
    assert not any(value in page for value in SEALED)
    assert browser("worker").get("/office/people/doubles/").status_code == 403


def test_compare_when_it_cannot_be_then_404_or_the_one_record(ground: Ground) -> None:
    with frozen_at(MORNING):
        far = register(ground.world, "远方人", "19900004444", grid=7)
        near = register(ground.world, "近邻", "19900004445", grid=1)
        merge_people(by=SETUP, keep=ground.person.id, absorb=near.id)
        client = browser("registrar")

        assert client.get(address(ground, f"with/{far.id}/")).status_code == 404
        assert client.get(address(ground, f"with/{near.id}/"))["Location"] == address(ground)
        assert client.post(address(ground, "double/"), {"exact": "19900000000"}).status_code == 422
        assert client.post(address(ground, "double/"), {"exact": "x"}).status_code == 422


def test_who_looked_when_opened_then_only_for_who_answers_for_personal_data(ground: Ground) -> None:
    with frozen_at(MORNING):
        give_role("officer", "privacy_officer", ground.world.district)
    post("registrar", ground, "reveal/contact/", of=str(ground.person.id), purpose="visiting")

    assert 'id="reads"' not in page_for("registrar", ground)
    with frozen_at(MORNING), override("zh-hans"):
        ((_at, _who, purpose),) = browser("officer").get(address(ground)).context["reads"]
        assert purpose == str(READ_PURPOSES["visiting"])
    assert browser("auditor").get(address(ground)).status_code == 403
