"""What is suggested for a case: to whom, why, and whom never."""

from django.test import Client

from liuchi.doors.api.tests.asking import read, system
from liuchi.engines.cases.actions.decide import uphold_decline
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import decline_case
from liuchi.engines.cases.models import Case, CaseClass
from liuchi.engines.cases.testing import World, case_of, closed, filed, report


def names(client: Client, case: Case, what: str) -> list[str]:
    return [row["name"] for row in read(client, f"/cases/{case.number}/{what}?fields=name")["items"]]


def test_classes_when_words_name_one_then_it_is_suggested_and_says_why(world: World) -> None:
    desk, case = system(world, "desk"), case_of(report(world, text="门口的上水井盖坏了").case_id)

    (first, *_others) = read(desk, f"/cases/{case.number}/suggested-classes")["items"]

    assert (first["matter"], first["name"]) == ("component-0101", "上水井盖")
    assert first["why"].startswith("the report says: 上水井盖")


def test_classes_when_the_reporter_chose_one_then_it_comes_first(world: World) -> None:
    desk = system(world, "desk")
    case = case_of(report(world, text="上水井盖坏了", matter="component-0109").case_id)

    rows = read(desk, f"/cases/{case.number}/suggested-classes")["items"]

    assert [row["matter"] for row in rows] == ["component-0109", "component-0101"]
    assert rows[0]["why"] == "chosen by the reporter"
    assert CaseClass.objects.filter(name=rows[0]["name"]).exists()


def test_classes_when_the_case_is_filed_or_somebody_else_s_to_file_then_are_refused(world: World) -> None:
    desk, checker = system(world, "desk"), system(world, "checker")
    new, done = case_of(report(world).case_id), filed(world)

    assert read(checker, f"/cases/{new.number}/suggested-classes", 403)["code"] == "not_allowed"
    assert read(desk, f"/cases/{done.number}/suggested-classes", 409)["code"] == "move_refused"


def test_units_when_the_lists_and_practice_name_some_then_the_likeliest_comes_first(world: World) -> None:
    for _count in range(3):
        closed(world)
    dispatcher, case = system(world, "dispatcher"), filed(world)

    first, *others = read(dispatcher, f"/cases/{case.number}/suggested-units")["items"]

    assert (first["unit"], first["role"], first["is_suggested"]) == (str(world.water.id), "lead", True)
    assert "3 finished by it" in first["why"]
    assert first["reason"] == "大观区权责清单（测试）"
    assert [row["role"] for row in others] == ["assist"]


def test_unit_when_it_said_rightly_that_the_case_is_not_its_own_then_is_not_suggested(world: World) -> None:
    dispatcher, case = system(world, "dispatcher"), filed(world)
    assert world.water.name in names(dispatcher, case, "suggested-units")
    dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.water.id, reason="权责清单")
    decline_case(by=world.viewer("water"), case_id=case.id, reason="other_owner", text="属通信公司")
    uphold_decline(by=world.viewer("desk"), case_id=case.id)

    rows = read(dispatcher, f"/cases/{case.number}/suggested-units")["items"]

    assert [row["is_suggested"] for row in rows if row["unit"] == str(world.water.id)] == [False]
    assert rows[-1]["reason"] == ""


def test_suggestions_when_asked_from_elsewhere_then_there_is_no_such_case(world: World) -> None:
    there = system(world, "desk", area=world.communities[-1])

    assert read(there, f"/cases/{filed(world).number}/suggested-units", 404)["code"] == "not_found"
