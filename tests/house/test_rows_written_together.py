from datetime import date

import pytest
from django.db import IntegrityError, transaction

from liuchi.engines.cases.models import Case
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.writes import insert_together
from liuchi.ground.territory.models import Area, Boundary, Edition


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
        insert_together(_area("1"), _area("1"), Edition(number=1))

    assert (Area.objects.count(), Edition.objects.count()) == (0, 0)


def test_insert_together_when_two_rows_want_values_from_the_database_then_refused() -> None:
    with pytest.raises(ValueError, match="one at a time"):
        insert_together(Case(), Case())
