"""Personal data: what keeps some says so beside its model; nothing that looks personal passes unsaid."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from liuchi.ground.records.declared import RecordType, declared, said_to_hold_nobody

#: Names of fields that speak of people, or may hold what people write.
SPEAKING = re.compile(
    r"(^|_)(phone|mobile|identity|address|birth|email|username|sex|gender|income|health|diagnosis|bank|photo|person|"
    r"contact|guardian|holder|reporter|recipient|actor|account)(_|$)|_sealed$"
)
WORDS = (models.TextField, models.JSONField)
#: Rooms that only hold what is published, or the house's own book-keeping; each said with a reason.
BOOK_KEEPING = {
    "journal.checkpoint": "how far a reaction has read",
    "journal.deadletter": "class and place of an error, never its message",
    "journal.batch": "seals",
    "calendars.calendarversion": "office hours of a calendar",
}


def _ours() -> Iterator[type[models.Model]]:
    yield from (model for model in apps.get_models() if model.__module__.startswith("liuchi."))


def looks_personal(model: type[models.Model]) -> list[str]:
    """Return the fields of a model that look as if they told something about people."""
    found = []
    for field in model._meta.fields:
        points_at = field.related_model if field.is_relation else None
        label = points_at._meta.label if isinstance(points_at, type) else ""
        says = not field.is_relation and (SPEAKING.search(field.name) or isinstance(field, WORDS))
        if says or label in {"people.Person", "access.Account"}:
            found.append(field.name)
    return found


def test_model_when_it_looks_personal_then_it_is_declared_or_said_to_hold_nobody() -> None:
    said = {each.model.lower() for each in declared().values()}
    said |= said_to_hold_nobody().keys() | BOOK_KEEPING.keys()
    unsaid = {
        model._meta.label: fields
        for model in _ours()
        if (fields := looks_personal(model)) and model._meta.label_lower not in said
    }

    assert unsaid == {}, "declare them in the room's personal.py (records/declared.py says how)"


def test_looks_personal_when_shown_the_models_of_people_then_sees_them() -> None:
    assert "phone_sealed" in looks_personal(apps.get_model("people.Person"))
    assert "person" in looks_personal(apps.get_model("people.Residence"))
    assert looks_personal(apps.get_model("records.KeyRotation")) == []


def _types() -> list[RecordType]:
    return list(declared().values())


@pytest.mark.parametrize("record_type", _types(), ids=lambda each: each.name)
def test_declaration_when_read_then_names_real_fields_and_every_sealed_column(record_type: RecordType) -> None:
    model = record_type.rows_of
    columns = {field.name for field in model._meta.fields}
    sealed = {each.column for each in record_type.sealed}

    assert {each.name for each in record_type.fields} <= columns
    assert {each.index for each in record_type.sealed if each.index} <= columns
    assert {name for name in columns if name.endswith("_sealed")} == sealed
    assert sealed <= {each.name for each in record_type.fields}
    assert record_type.name.split(".")[0] in {record_type.model.split(".")[0].lower(), "ui"}


@pytest.mark.parametrize("record_type", _types(), ids=lambda each: each.name)
def test_declaration_when_read_then_its_paths_lead_somewhere(record_type: RecordType) -> None:
    rows = record_type.rows_of._default_manager.order_by("pk")

    assert str(rows.filter(record_type.retention.also).query)
    if record_type.person:
        assert str(rows.values(record_type.person).query)
    if record_type.retention.since:
        assert str(rows.values(record_type.retention.since).query)
    assert (record_type.retention.days is None) or record_type.retention.since


def test_sealed_column_when_it_stands_anywhere_then_it_is_declared() -> None:
    known = {(each.model.lower(), sealed.column) for each in declared().values() for sealed in each.sealed}
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in _ours()
        for field in model._meta.fields
        if field.name.endswith("_sealed") and (model._meta.label_lower, field.name) not in known
    ]

    assert loose == []
