"""Powers and duties lists: as documents issued them, side by side, superseded, taken back."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.actions import NewDuty, import_duties
from liuchi.ground.organisations.actions.duties import (
    DutyListRefused,
    NewDutyList,
    NewItem,
    NewSide,
    end_duty_list,
    import_duty_list,
)
from liuchi.ground.organisations.duty_holders import taken_back
from liuchi.ground.organisations.models import Duty, DutyItem, DutyList
from liuchi.ground.organisations.queries import duties_held, duty_holders, duty_item, duty_items, duty_lists
from liuchi.ground.organisations.testing import SETUP, SINCE, area

LITTER = "event-0110"
TOWN_LIST = NewDutyList(
    "town",
    "一街道履行职责事项清单",
    date(2024, 12, 20),
    date(2025, 1, 1),
    issuer="测试区委办",
    number="区办〔2024〕30号",
)
ITEMS = (
    NewItem("basic", 1, "做好辖区环境卫生", (NewSide("lead", "@town"),), category="城市管理", matters=(LITTER,)),
    NewItem(
        "assist",
        1,
        "城镇燃气安全监督检查",
        (NewSide("lead", "urban", "编制燃气规划，开展执法"), NewSide("assist", "@town", "开展日常巡查，发现隐患上报")),
    ),
    NewItem(
        "taken_back", 1, "对随意倾倒垃圾的处罚", (NewSide("taken_back", "urban"),), method="由区城市管理局直接办理",
        matters=(LITTER,),
    ),
    NewItem("taken_back", 2, "出具无犯罪记录证明", (NewSide("taken_back", "省公安厅"),), method="由公安机关直接办理"),
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("small")


def _issue(document: NewDutyList = TOWN_LIST, items: tuple[NewItem, ...] = ITEMS) -> int:
    return import_duty_list(by=SETUP, document=document, items=items)


def _holders(on: date | None = None, matter: str = LITTER) -> list[tuple[str, str, str]]:
    found = duty_holders(matter, area("990803001001").id, on)
    return [(each.organisation.code, each.role, each.document) for each in found]


def test_list_when_imported_twice_then_nothing_new_and_with_more_items_only_those() -> None:
    assert (_issue(), _issue()) == (4, 0)
    more = NewItem("basic", 2, "指导社区工作", (NewSide("lead", "@town"),))

    assert _issue(items=(*ITEMS, more)) == 1

    (found,) = duty_lists()
    assert (str(found), found.issuer, found.issued_on) == (
        "一街道履行职责事项清单 区办〔2024〕30号", "测试区委办", date(2024, 12, 20)
    )  # fmt: skip
    lines = Line.objects.filter(kind="organisations.duty_list_imported").order_by("seq")
    assert [(line.data["items"], line.data["sides"]) for line in lines] == [(4, 5), (1, 1)]


def test_list_when_an_item_reads_differently_then_refused_and_nothing_changed() -> None:
    _issue()
    changed = replace(ITEMS[0], name="做好辖区市容")

    with pytest.raises(DutyListRefused, match="Item 1"):
        _issue(items=(changed, *ITEMS[1:], NewItem("basic", 9, "新")))

    assert DutyItem.objects.filter(number=9).count() == 0


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (NewItem("power", 1, "处罚"), "no such item"),
        (NewItem("circus", 1, "处罚"), "no such item"),
        (NewItem("basic", 3, " "), "no name"),
        (NewItem("basic", 1, "又一"), "twice"),
        (NewItem("basic", 3, "三", (NewSide("boss", "urban"),)), "side"),
        (NewItem("basic", 3, "三", (NewSide("lead", " "),)), "side"),
        (NewItem("basic", 3, "三", (NewSide("lead", "@moon"),)), "@moon"),
    ],
)
def test_list_when_one_item_is_wrong_then_none_is_taken(item: NewItem, told: str) -> None:
    with pytest.raises(DutyListRefused, match=told):
        _issue(items=(*ITEMS, item))

    assert DutyList.objects.count() == 0


def test_dispatch_when_the_matter_was_taken_back_then_streets_no_longer_lead_and_the_department_does() -> None:
    import_duties(
        by=SETUP,
        duties=[NewDuty("@town", LITTER, "lead"), NewDuty("@community", LITTER, "assist")],
        document="处置分工",
        valid_from=SINCE,
    )
    assert [code for code, _, _ in _holders()] == ["town-1", "community-1"]

    _issue()

    assert _holders() == [("urban", "lead", "一街道履行职责事项清单 区办〔2024〕30号")]
    assert [code for code, _, _ in _holders(date(2024, 12, 31))] == ["town-1", "community-1"]
    (note,) = taken_back(LITTER)
    assert (note.unit, note.method) == ("测试区城市管理局", "由区城市管理局直接办理")
    assert taken_back(LITTER, date(2024, 12, 31)) == []


def test_dispatch_when_a_department_far_above_took_it_back_then_nobody_here_leads() -> None:
    items = tuple(replace(each, matters=("event-9",)) for each in ITEMS if each.number == 2)
    import_duties(by=SETUP, duties=[NewDuty("@town", "event-9", "lead")], document="处置分工", valid_from=SINCE)
    _issue(items=items)

    assert _holders(matter="event-9") == []
    assert [each.unit for each in taken_back("event-9")] == ["省公安厅"]


def test_dispatch_when_a_later_list_gives_it_to_the_street_again_then_it_leads_again() -> None:
    _issue()
    import_duties(
        by=SETUP, duties=[NewDuty("@town", LITTER, "lead")], document="后来的分工", valid_from=date(2025, 6, 1)
    )

    assert ("town-1", "lead", "后来的分工") in _holders()


def test_dispatch_when_lists_are_held_then_they_are_read_once_and_say_the_same(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    _issue()
    said = _holders()

    with duties_held():
        assert _holders() == said
        with django_assert_num_queries(1):  # that of the place itself
            assert _holders() == said


def test_lists_when_two_wordings_stand_side_by_side_then_both_are_in_force_until_one_supersedes() -> None:
    first = NewDutyList("community", "社区工作事项清单", date(2021, 5, 1), date(2024, 2, 1), number="33+34+20")
    second = replace(first, number="28+26", valid_from=date(2024, 6, 1))
    items = (NewItem("basic", 1, "召集居民会议", (NewSide("lead", "@community"),), matters=("meeting",)),)
    _issue(first, items)
    _issue(second, items)
    assert {each.number for each in duty_lists()} == {"33+34+20", "28+26"}

    third = replace(first, number="2025", valid_from=date(2025, 5, 1), supersedes=_id("28+26"))
    _issue(third, items)
    _issue(third, items)

    assert {each.number for each in duty_lists()} == {"33+34+20", "2025"}
    assert {each.number for each in duty_lists(on=date(2025, 4, 30))} == {"33+34+20", "28+26"}
    assert DutyList.objects.get(number="28+26").valid_to == date(2025, 5, 1)


def _id(number: str) -> UUID:
    return DutyList.objects.get(number=number).id


def test_list_when_it_cannot_supersede_then_refused() -> None:
    _issue()
    other = DutyList.objects.get()
    later = replace(TOWN_LIST, number="二", supersedes=other.id)

    for document in (
        replace(later, kind="community"),
        replace(later, valid_from=TOWN_LIST.valid_from),
        replace(later, supersedes=uuid4()),
        replace(TOWN_LIST, supersedes=other.id),
    ):
        with pytest.raises(DutyListRefused):
            _issue(document, ())


def test_list_when_ended_then_dispatch_reads_it_no_longer() -> None:
    _issue()
    found = DutyList.objects.get()

    with pytest.raises(DutyListRefused):
        end_duty_list(by=SETUP, duty_list_id=found.id, on=date(2025, 1, 1))
    end_duty_list(by=SETUP, duty_list_id=found.id, on=date(2025, 6, 1))

    assert _holders() == []
    assert [code for code, _, _ in _holders(date(2025, 5, 31))] == ["urban"]
    with pytest.raises(NotFound):
        end_duty_list(by=SETUP, duty_list_id=found.id, on=date(2025, 6, 2))


def test_lists_when_the_actor_may_not_everywhere_then_refused() -> None:
    nobody = Visitor(frozenset())
    _issue()

    with pytest.raises(NotAllowed):
        import_duty_list(by=nobody, document=TOWN_LIST, items=ITEMS)
    with pytest.raises(NotAllowed):
        end_duty_list(by=nobody, duty_list_id=DutyList.objects.get().id, on=date(2025, 6, 1))
    with pytest.raises(NotAllowed):
        import_duties(by=nobody, duties=[NewDuty("urban", LITTER, "lead")], document="x", valid_from=SINCE)


def test_items_when_searched_then_by_words_kind_and_body_in_the_order_of_the_document() -> None:
    _issue()
    (found,) = duty_lists()

    assert [each.name for each in duty_items(found.id)] == [each.name for each in ITEMS]
    assert [each.name for each in duty_items(found.id, kind="taken_back")] == [each.name for each in ITEMS[2:]]
    assert [each.name for each in duty_items(found.id, words="燃气 巡查")] == ["城镇燃气安全监督检查"]
    assert list(duty_items(found.id, words="火星")) == []
    urban = Duty.objects.exclude(organisation=None)[0].organisation_id
    assert [each.number for each in duty_items(organisation_id=urban)] == [1, 1]
    one = duty_item(duty_items(found.id)[1].id)
    assert [(each.role, each.note[:4]) for each in one.sides.all()] == [("lead", "编制燃气"), ("assist", "开展日常")]
    with pytest.raises(NotFound):
        duty_item(uuid4())


def test_items_when_not_public_then_only_shown_when_asked_for() -> None:
    _issue(items=(replace(ITEMS[0], is_public=False), ITEMS[1]))
    (found,) = duty_lists()

    assert len(duty_items(found.id)) == 2
    assert [each.name for each in duty_items(found.id, only_public=True)] == ["城镇燃气安全监督检查"]


def test_register_when_of_778_items_then_one_import_takes_them() -> None:
    items = tuple(
        NewItem("power", number, f"权责事项{number}", (NewSide("lead", "urban"),), code=f"P{number:04}")
        for number in range(1, 779)
    )
    document = NewDutyList("department", "区直部门权责清单", date(2024, 3, 1), date(2024, 3, 1))

    assert (_issue(document, items), _issue(document, items)) == (778, 0)
