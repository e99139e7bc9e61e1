"""What was written about supervision: appended, never edited, and put away in time."""

import pytest
from django.db import DatabaseError, connection, transaction

from liuchi.engines.cases.models import Supervision, SupervisionEntry
from liuchi.engines.cases.supervision.actions.answering import answer_supervision
from liuchi.engines.cases.supervision.actions.by_hand import order_case
from liuchi.engines.cases.testing import MORNING, World, dispatched
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.records.declared import declared

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(world: World) -> SupervisionEntry:
    with frozen_at(MORNING):
        case = dispatched(world)
        row = order_case(by=world.viewer("supervisor"), case_id=case.id, text="请到场")
        return answer_supervision(by=world.viewer("water"), supervision_id=row.id, text="明天做")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cases_supervisionentry SET text = 'x'",
        "UPDATE cases_supervisionentry SET said = 'accept'",
        "DELETE FROM cases_supervisionentry",
        "TRUNCATE cases_supervisionentry",
    ],
)
def test_answer_when_somebody_changes_it_then_the_database_refuses(entry: SupervisionEntry, change: str) -> None:
    with guard.scope("maintenance", "tests"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(change)

    entry.refresh_from_db()
    assert (entry.said, entry.text) == ("answer", "明天做")


def test_words_when_put_away_then_that_they_were_said_stays(entry: SupervisionEntry) -> None:
    with guard.scope("maintenance", "tests"):
        for name, row in (("cases.supervision", entry.supervision_id), ("cases.supervision_entry", entry.id)):
            dispose = declared()[name].retention.dispose
            assert dispose is not None
            assert dispose([row]) == 1

    assert list(Supervision.objects.values_list("text", "level")) == [("", "order")]
    assert list(SupervisionEntry.objects.values_list("text", "said")) == [("", "answer")]
