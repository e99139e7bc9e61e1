"""Downward only: foreign keys, which a string reference could slip past the import contracts."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models


def _links() -> list[tuple[str, str, str]]:
    """Return (from module, to module, what) of every foreign key and many-to-many of our models."""
    return [
        (model.__module__, field.related_model.__module__, f"{model._meta.label}.{field.name}")
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("liuchi.")
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.is_relation and isinstance(field.related_model, type)
    ]


def test_foreign_key_when_it_points_upward_then_refused(layers: Any) -> None:
    links = _links()
    upward = [what for start, end, what in links if not (end.startswith("liuchi.") and layers.may_point(start, end))]

    assert len(links) > 20
    assert upward == []


@pytest.mark.parametrize(
    ("upper", "lower", "may"),
    [
        ("liuchi.engines.cases.models.case", "liuchi.ground.people.models", True),
        ("liuchi.ground.people.models", "liuchi.engines.cases.models.case", False),
        ("liuchi.ground.access.models", "liuchi.ground.kernel.ids", True),
        ("liuchi.ground.journal.models", "liuchi.ground.territory.models", False),
        ("liuchi.doors.office.views", "liuchi.doors.resident.views", False),
        ("liuchi.ground.people.models", "liuchi.ground.records.protected", True),
    ],
)
def test_order_of_the_rooms_when_asked_then_is_the_contracts(layers: Any, upper: str, lower: str, may: bool) -> None:
    assert layers.may_point(upper, lower) is may


def test_model_when_somebody_deletes_what_it_points_at_then_the_database_protects_it() -> None:
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("liuchi.")
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT
    ]

    assert loose == []


@pytest.mark.django_db
def test_models_when_compared_with_the_migrations_then_nothing_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)

    assert "No changes" in capsys.readouterr().out


def test_migrations_when_listed_then_each_has_a_name_and_they_run_in_a_line(texts: dict[str, str]) -> None:
    numbered = [path for path in texts if "/migrations/" in path and path.endswith(".py") and "__init__" not in path]
    by_room: dict[str, list[str]] = {}
    for path in numbered:
        by_room.setdefault(path.rsplit("/", 1)[0], []).append(path.rsplit("/", 1)[1])

    for room, names in by_room.items():
        assert [name[:4] for name in sorted(names)] == [f"{n:04d}" for n in range(1, len(names) + 1)], room
        assert not [name for name in names if "auto_" in name], room
