import pytest

from liuchi.ground.calendars.models import Calendar
from liuchi.ground.exchange.models import State
from liuchi.ground.exchange.testing import as_csv, as_json, as_xlsx, counts, run, toy_rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "name"),
    [(as_csv(toy_rows(3)), "a.csv"), (as_xlsx(toy_rows(3)), "a.xlsx"), (as_json(toy_rows(3)), "a.json")],
    ids=["csv", "xlsx", "json"],
)
def test_import_when_run_then_rows_stand_and_the_same_file_again_changes_nothing(content: bytes, name: str) -> None:
    first = run(content, name)
    again = run(content, name)

    assert (first.state, counts(first)) == (State.DONE, (3, 0, 0, 0))
    assert (again.state, counts(again)) == (State.DONE, (0, 0, 3, 0))
    assert list(Calendar.objects.values_list("code", "name"))[:1] == [("toy-1", "玩具1")]
