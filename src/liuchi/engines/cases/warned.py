"""Of which deadlines whoever handles has been warned: of each once, and of another one of the same clock again."""

from uuid import UUID, uuid5

from django.db.models import F, Q

from liuchi.engines.cases.models import CaseClock


def warned_of() -> Q:
    """Return the condition that somebody was warned of the deadline that a clock has now."""
    return Q(warned_due_at__isnull=False, warned_due_at=F("due_at"))


def warning_of(clock: CaseClock) -> UUID:
    """Return the source of the message that warns of the deadline a clock has now: one for each of its deadlines."""
    return clock.id if clock.warned_due_at is None else uuid5(clock.id, clock.due_at.isoformat())


def mark_warned(clock: CaseClock, people: int) -> int:
    """Keep that `people` were warned; of what nobody could be told is looked at again. Return how many they were."""
    if people:
        clock.warned_due_at = clock.due_at
        clock.save(update_fields=["warned_due_at"])
    return people
