"""The care register: what may be in it, for how long, who sees it, and what may never be in it."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.people.actions import (
    CareRefused,
    begin_care,
    end_care,
    extend_care,
    merge_people,
    register_death,
    set_care_categories,
)
from liuchi.ground.people.care_register import (
    CareFilters,
    care_of,
    care_page,
    categories,
    diagnosis_of,
    is_cared_for,
)
from liuchi.ground.people.caring import SHIPPED, NewCategory
from liuchi.ground.people.models import VISIT_DAYS, CareCategory, CareStatus, Person, VisitTier
from liuchi.ground.people.testing import NOW, SETUP, TODAY, Clerk, Place, resident

UNTIL = date(2025, 9, 1)
#: Words by which registers elsewhere mark people out; none of them is a reason to care for somebody.
MARKS = re.compile(
    "刑满|释放|社区矫正|吸毒|戒毒|信访|上访|访民|邪教|涉恐|重点人员|重点人群|肇事|肇祸|艾滋|精神障碍|红色|黄色|橙色|蓝色|颜色|等级码"
    "|colour|color|prison|petition|drug|risk|grade|score",
    re.IGNORECASE,
)


@pytest.fixture
def carer(place: Place) -> Clerk:
    set_care_categories(by=SETUP)
    return place.clerk("care", "see", "reveal", "manage")


def begin(by: Clerk, person: Person, category: str = "low-income", **values: object) -> CareStatus:
    given = {"basis": "低保批准书〔2024〕8号", "valid_from": TODAY, "valid_to": UNTIL, **values}
    care_id = begin_care(by=by, person_id=person.id, category=category, **given)  # type: ignore[arg-type]
    return CareStatus.objects.get(id=care_id)


def test_categories_when_shipped_then_each_says_by_what_what_for_and_how_long(carer: Clerk) -> None:
    assert len(SHIPPED) == 10
    assert {each.code for each in categories()} == {each.code for each in SHIPPED}
    for each in SHIPPED:
        assert each.legal_basis
        assert each.purpose
        assert 0 < each.longest_days <= 366
        assert each.visit_tier in VISIT_DAYS


def test_categories_when_shipped_then_nobody_is_marked_out_and_nothing_has_a_colour() -> None:
    said = " ".join(f"{each.code} {each.name} {each.english_name} {each.purpose}" for each in SHIPPED)
    columns = " ".join(field.name for model in (CareCategory, CareStatus) for field in model._meta.fields)

    assert MARKS.search("信访重点人员")
    assert MARKS.search(f"{said} {columns}") is None


def test_categories_when_set_again_then_nothing_changes_and_new_wording_is_taken(carer: Clerk) -> None:
    lines = Line.objects.count()

    assert set_care_categories(by=SETUP) == 0
    assert Line.objects.count() == lines
    new = NewCategory("low-income", "低保对象", "x", "某文件", "x", VisitTier.KEY)
    assert set_care_categories(by=SETUP, categories=[new]) == 1
    assert CareCategory.objects.get(code="low-income").name == "低保对象"


@pytest.mark.parametrize("missing", [{"legal_basis": " "}, {"purpose": ""}, {"longest_days": 0}])
def test_category_when_it_says_not_why_then_refused(carer: Clerk, missing: dict[str, object]) -> None:
    given = {"code": "x", "name": "x", "english_name": "", "legal_basis": "x", "purpose": "x", "visit_tier": "key"}

    with pytest.raises(CareRefused):
        set_care_categories(by=SETUP, categories=[NewCategory(**{**given, **missing})])  # type: ignore[arg-type]


def test_category_when_defined_by_somebody_of_one_community_then_refused(carer: Clerk) -> None:
    with pytest.raises(NotAllowed):
        set_care_categories(by=carer)


def test_care_when_begun_then_ends_by_itself_and_the_journal_tells_not_what(place: Place, carer: Clerk) -> None:
    person = resident(home=place.grids[0])

    care = begin(carer, person)

    (entry,) = care_of(carer, person.id)
    assert (entry.status.id, entry.is_lasting, entry.status.visit_tier) == (care.id, True, VisitTier.GENERAL)
    assert Line.objects.get(kind="people.care_begun").data == {"care": str(care.id)}
    assert is_cared_for(person.id, "low-income", TODAY)
    assert not is_cared_for(person.id, "low-income", UNTIL)
    with frozen_at(NOW + timedelta(days=400)):
        assert [each.is_lasting for each in care_of(carer, person.id)] == [False]
        assert care_page(carer, CareFilters()).entries == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"category": "petitioners"}, "category"),
        ({"basis": " "}, "basis"),
        ({"basis": "长" * 121}, "basis"),
        ({"valid_to": TODAY}, "valid_to"),
        ({"valid_to": TODAY + timedelta(days=367)}, "valid_to"),
        ({"visit_tier": "hourly"}, "visit_tier"),
        ({"diagnosis": "糖尿病"}, "diagnosis"),
        ({"category": "severe-disability", "diagnosis": "长" * 501}, "diagnosis"),
        ({"responsible_id": "place"}, "responsible"),
    ],
)
def test_care_when_it_cannot_be_then_refused_at_its_field(
    place: Place, carer: Clerk, values: dict[str, object], field: str
) -> None:
    person = resident(home=place.grids[0])
    given = {key: place.one.id if value == "place" else value for key, value in values.items()}

    with pytest.raises(CareRefused) as refused:
        begin(carer, person, **given)  # type: ignore[arg-type]

    assert refused.value.field == field
    assert not CareStatus.objects.exists()


def test_care_when_in_the_category_already_then_refused_through_joined_records_too(place: Place, carer: Clerk) -> None:
    person, double = resident(home=place.grids[0]), resident("张山", home=place.grids[0])
    begin(carer, double)
    merge_people(by=SETUP, keep=person.id, absorb=double.id)

    with pytest.raises(CareRefused):
        begin(carer, person)

    assert begin(carer, person, valid_from=UNTIL, valid_to=UNTIL + timedelta(days=30)).person_id == person.id
    assert len(care_of(carer, double.id)) == 2
    assert is_cared_for(person.id, "low-income", TODAY)


def test_care_of_somebody_dead_when_begun_then_refused(place: Place, carer: Clerk) -> None:
    person = resident(home=place.grids[0])
    register_death(by=SETUP, person_id=person.id, died_on=TODAY)

    with pytest.raises(CareRefused):
        begin(carer, person)


def test_care_when_extended_then_follows_without_a_gap_and_carries_the_diagnosis(place: Place, carer: Clerk) -> None:
    person, worker = resident(home=place.grids[0]), resident("李四", "19900007777")
    care = begin(carer, person, "severe-disability", diagnosis="肢体一级", responsible_id=worker.id)

    following = CareStatus.objects.get(
        id=extend_care(by=carer, care_id=care.id, basis="复核〔2025〕1号", valid_to=UNTIL + timedelta(days=300))
    )

    assert (following.valid_from, following.responsible, following.basis) == (UNTIL, worker, "复核〔2025〕1号")
    assert diagnosis_of(carer, following.id) == "肢体一级"
    assert bytes(care.diagnosis_sealed or b"") != bytes(following.diagnosis_sealed or b"")
    with pytest.raises(CareRefused):
        extend_care(by=carer, care_id=care.id, basis="x", valid_to=UNTIL + timedelta(days=300))


def test_care_when_it_ran_out_and_is_extended_then_begins_today(place: Place, carer: Clerk) -> None:
    care, later = begin(carer, resident(home=place.one)), NOW + timedelta(days=400)

    with frozen_at(later):
        day = later.date()
        following = extend_care(by=carer, care_id=care.id, basis="x", valid_to=day + timedelta(days=9))

    assert CareStatus.objects.get(id=following).valid_from == day


def test_care_when_ended_early_then_says_why_and_is_not_extended(place: Place, carer: Clerk) -> None:
    care = begin(carer, resident(home=place.one))

    end_care(by=carer, care_id=care.id, on=TODAY, reason="withdrawn")

    care.refresh_from_db()
    assert (care.valid_to, care.end_reason) == (TODAY + timedelta(days=1), "withdrawn")
    with pytest.raises(CareRefused):
        extend_care(by=carer, care_id=care.id, basis="x", valid_to=UNTIL)
    with pytest.raises(CareRefused):
        end_care(by=carer, care_id=care.id, on=TODAY, reason="withdrawn")


def test_care_when_ended_without_reason_or_outside_its_time_then_refused(place: Place, carer: Clerk) -> None:
    care = begin(carer, resident(home=place.one))

    for on, reason, field in ((TODAY, "bored", "reason"), (UNTIL + timedelta(days=1), "moved", "on")):
        with pytest.raises(CareRefused) as refused:
            end_care(by=carer, care_id=care.id, on=on, reason=reason)
        assert refused.value.field == field


def test_care_when_somebody_without_the_power_there_asks_or_writes_then_nothing(place: Place, carer: Clerk) -> None:
    person = resident(home=place.grids[0])
    care = begin(carer, person, "severe-disability", diagnosis="肢体一级")
    seeing, elsewhere = place.clerk("see", "manage", "reveal"), place.clerk("care", "see", "reveal", at=place.other)

    assert diagnosis_of(carer, care.id) == "肢体一级"
    for stranger in (seeing, elsewhere):
        assert care_page(stranger, CareFilters()).entries == []
        with pytest.raises(NotFound):
            care_of(stranger, person.id)
        with pytest.raises(NotFound):
            diagnosis_of(stranger, care.id)
        with pytest.raises(NotAllowed):
            begin(stranger, person)
        with pytest.raises(NotAllowed):
            end_care(by=stranger, care_id=care.id, on=TODAY, reason="mistake")
    with pytest.raises(NotFound):
        diagnosis_of(place.clerk("care", "see"), care.id)
    with pytest.raises(NotFound):
        end_care(by=carer, care_id=person.id, on=TODAY, reason="mistake")
    with pytest.raises(NotFound):
        diagnosis_of(carer, person.id)


def test_register_when_listed_then_what_ends_first_stands_on_top_page_by_page(place: Place, carer: Clerk) -> None:
    people = [resident(f"居民{n}", f"1990000000{n}", home=place.grids[n % 3]) for n in range(5)]
    for n, person in enumerate(people):
        begin(carer if n % 3 < 2 else place.clerk("care", at=place.other), person, valid_to=UNTIL - timedelta(days=n))

    first = care_page(carer, CareFilters(), size=2)
    second = care_page(carer, CareFilters(after=first.after), size=2)

    names = [entry.person.name for entry in first.entries + second.entries]
    assert names == ["居民4", "居民3", "居民1", "居民0"]
    assert second.after is None
    soon = care_page(carer, CareFilters(ends_before=UNTIL - timedelta(days=2), area_id=place.grids[0].id))
    assert [entry.person.name for entry in soon.entries] == ["居民3"]
    assert care_page(carer, CareFilters(category="orphan")).entries == []


def test_register_when_longer_then_asks_no_more_often(place: Place, carer: Clerk) -> None:
    counts = []
    for n in range(1, 4):
        begin(carer, resident(f"居民{n}", f"1990000000{n}", home=place.grids[0]))
        with CaptureQueriesContext(connection) as asked:
            care_page(carer, CareFilters())
        counts.append(len(asked))

    assert counts == [1, 1, 1]
