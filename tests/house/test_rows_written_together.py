from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, models, transaction

from liuchi.engines.cases.models import Case
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.copying import copy_in
from liuchi.ground.kernel.guard import WriteOutsideAction
from liuchi.ground.kernel.writes import Change, RowGone, build, insert_together, update_together
from liuchi.ground.people.models import Person, Residence
from liuchi.ground.territory.models import Area, AreaKind, Boundary, Edition


def _area(code: str) -> Area:
    return Area(kind="grid", code=code, name=code, valid_from=date(2024, 1, 1))


@pytest.mark.django_db
def test_insert_together_when_rows_point_at_each_other_then_one_statement_writes_all() -> None:
    first, second = _area("1"), _area("2")
    second.management_parent = first
    border = Boundary(area=second, geometry={"type": "Polygon"}, valid_from=date(2024, 1, 1))

    with guard.scope("maintenance", "test") as opened:
        insert_together(border, second, first)

    assert opened.writes == 1
    assert list(Area.objects.values_list("code", "management_parent_id")) == [("1", None), ("2", first.id)]
    assert Boundary.objects.get().geometry == {"type": "Polygon"}
    assert not any(row._state.adding for row in (first, second, border))


@pytest.mark.django_db
def test_insert_together_when_one_row_breaks_a_constraint_then_none_is_written() -> None:
    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError), transaction.atomic():
        insert_together(_area("1"), Edition(number=1), Edition(number=2))

    assert (Area.objects.count(), Edition.objects.count()) == (0, 0)


def test_insert_together_when_two_rows_want_values_from_the_database_then_refused() -> None:
    with pytest.raises(ValueError, match="one at a time"):
        insert_together(Case(), Case())


@pytest.mark.django_db
def test_update_together_when_rows_of_two_tables_changed_then_one_statement_saves_the_named_fields() -> None:
    first, second, edition = _area("1"), _area("2"), Edition(number=1)
    with guard.scope("maintenance", "test"):
        insert_together(first, second, edition)
    first.name, first.code, first.management_parent_id, edition.number = "changed", "not saved", second.id, 7

    with guard.scope("maintenance", "test") as opened:
        update_together(Change(first, ("name", "management_parent")), Change(edition, ("number",)))

    assert opened.writes == 1
    assert list(Area.objects.order_by("code").values_list("code", "name", "management_parent_id")) == [
        ("1", "changed", second.id),
        ("2", "2", None),
    ]
    assert Edition.objects.get().number == 7


@pytest.mark.django_db
def test_update_together_when_one_row_is_gone_then_refused() -> None:
    stays, gone = _area("1"), _area("2")
    with guard.scope("maintenance", "test"):
        insert_together(stays)

    with guard.scope("maintenance", "test"), pytest.raises(RowGone, match="1 of"), transaction.atomic():
        update_together(Change(stays, ("name",)), Change(gone, ("name",)))


def test_update_together_when_a_field_is_unknown_then_refused() -> None:
    with pytest.raises(KeyError):
        update_together(Change(_area("1"), ("colour",)))


@pytest.mark.django_db
def test_copy_in_when_rows_come_one_by_one_then_they_are_what_insert_would_have_written() -> None:
    areas = [_area(str(number)) for number in range(5)]
    areas[3].name, areas[3].valid_to, areas[4].management_parent = (
        "tab\tline\nback\\slash 楼 \\N",
        date(2025, 1, 1),
        areas[0],
    )
    areas[4].kind = AreaKind.TOWN
    borders = [
        Boundary(area=areas[0], geometry={"type": "Point", "at": ["楼", 1.5, None]}, valid_from=date(2024, 1, 1))
    ]

    with guard.scope("maintenance", "test") as opened:
        counts = [copy_in(Area, iter(areas)), copy_in(Boundary, borders), copy_in(Area, [])]

    assert (counts, opened.writes) == ([5, 1, 0], 2)
    stored = list(Area.objects.order_by("code"))
    for field in Area._meta.concrete_fields:
        assert [getattr(row, field.attname) for row in stored] == [getattr(row, field.attname) for row in areas]
    assert Boundary.objects.get().geometry == borders[0].geometry
    assert not any(row._state.adding for row in areas)


@pytest.mark.django_db
def test_copy_in_when_one_row_breaks_a_constraint_then_none_is_written() -> None:
    again = _area("1")

    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError), transaction.atomic():
        copy_in(Area, [again, _area("2"), again])

    assert Area.objects.count() == 0


@pytest.mark.django_db
def test_copy_in_when_no_action_runs_then_refused() -> None:
    with pytest.raises(WriteOutsideAction):
        copy_in(Area, [_area("1")])


@pytest.mark.django_db
def test_copy_in_when_a_row_is_of_another_table_or_make_then_refused_and_none_is_written() -> None:
    mixed: list[list[models.Model]] = [
        [_area("1"), Edition(number=1)],
        [Case(), Case(number=1)],
        [Case(number=1), Case()],
    ]

    for rows in mixed:
        with guard.scope("maintenance", "test"), pytest.raises(ValueError, match="copy_in"), transaction.atomic():
            copy_in(type(rows[0]), rows)

    assert Area.objects.count() == 0


@pytest.mark.django_db
def test_copy_in_when_bytes_and_moments_are_copied_then_they_come_back_as_they_were() -> None:
    person = Person(name="王宁", phone_sealed=bytes(range(256)), created_at=datetime(2024, 1, 1, 8, tzinfo=UTC))

    with guard.scope("maintenance", "test"):
        copy_in(Person, [person])

    stored = Person.objects.get()
    assert (stored.name, bytes(stored.phone_sealed or b""), stored.phone_index) == ("王宁", bytes(range(256)), None)
    assert stored.created_at == person.created_at


@pytest.mark.parametrize("model", [Area, Boundary, Person, Residence])
def test_build_when_nothing_or_something_is_given_then_the_row_is_what_the_model_would_have_made(
    model: type[models.Model],
) -> None:
    given = {field.attname: str(field.attname) for field in model._meta.concrete_fields[:3]}

    for values in ({}, given):
        built, usual = build(model, **values), model(**values)

        left_out = {"_state"} | ({"id"} if "id" not in values else set())
        assert {name: held for name, held in vars(built).items() if name not in left_out} == {
            name: held for name, held in vars(usual).items() if name not in left_out
        }
        assert built._state.adding
        assert built.pk is not None


def test_build_when_a_name_is_no_column_then_refused_and_no_default_is_shared() -> None:
    with pytest.raises(TypeError, match="household"):
        build(Residence, household=1)

    assert build(Residence).pk != build(Residence).pk
