"""Every constraint of this room, broken once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from liuchi.ground.kernel import guard
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.records.models import (
    KeyRotation,
    LegalHold,
    RetentionCount,
    RetentionPeriod,
    RetentionRun,
)

pytestmark = pytest.mark.django_db
NOW, BEFORE = datetime(2024, 5, 6, tzinfo=UTC), datetime(2024, 5, 5, tzinfo=UTC)


def _make(model: type[models.Model], **values: Any) -> Any:
    with guard.scope("maintenance", "test"):
        return model._default_manager.create(**values)


ROTATION: dict[str, Any] = {"use": "index", "key": "i2", "begins_at": NOW}
PERIOD: dict[str, Any] = {"type_name": "x", "days": 1, "document": "a", "decided_at": NOW}
HOLD: dict[str, Any] = {"person_id": new_id(), "reason": "x", "placed_at": NOW}
RUN: dict[str, Any] = {"kind": "trial", "as_of": NOW, "started_at": NOW}


@pytest.mark.parametrize(
    ("constraint", "model", "good", "wrong"),
    [
        ("rotation_use_known", KeyRotation, ROTATION, {"use": "other"}),
        ("rotation_ends_after_it_begins", KeyRotation, ROTATION, {"finished_at": BEFORE}),
        ("period_names_its_document", RetentionPeriod, PERIOD, {"document": ""}),
        ("hold_names_a_record_or_a_person", LegalHold, HOLD, {"person_id": None}),
        ("hold_names_a_record_or_a_person", LegalHold, HOLD, {"type_name": "x", "row_id": new_id()}),
        ("hold_has_a_reason", LegalHold, HOLD, {"reason": ""}),
        ("hold_lifted_with_a_reason", LegalHold, HOLD, {"lifted_at": NOW}),
        ("hold_lifted_with_a_reason", LegalHold, HOLD, {"lifted_at": BEFORE, "lifted_reason": "x"}),
        ("run_for_real_follows_a_trial", RetentionRun, RUN, {"kind": "real"}),
    ],
)
def test_row_when_it_breaks_a_constraint_then_the_database_refuses(
    constraint: str, model: type[models.Model], good: dict[str, Any], wrong: dict[str, Any]
) -> None:
    _make(model, **good)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        _make(model, **{**good, "id": new_id(), **({"key": "i3"} if model is KeyRotation else {}), **wrong})


def test_row_when_it_may_stand_once_only_then_the_second_is_refused() -> None:
    trial = _make(RetentionRun, **RUN)
    _make(RetentionRun, kind="real", follows=trial, as_of=NOW, started_at=NOW + timedelta(hours=1))
    _make(RetentionCount, run=trial, type_name="x")
    _make(KeyRotation, **ROTATION)

    tries: list[tuple[str, Callable[[], Any]]] = [
        ("trial_is_followed_once", lambda: _make(RetentionRun, kind="real", follows=trial, as_of=NOW, started_at=NOW)),
        ("count_once_per_run_and_type", lambda: _make(RetentionCount, run=trial, type_name="x")),
        ("rotation_once_per_key", lambda: _make(KeyRotation, **ROTATION)),
    ]
    for constraint, again in tries:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            again()
