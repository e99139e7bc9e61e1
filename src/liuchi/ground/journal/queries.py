"""Reading the journal."""

from uuid import UUID

from django.db.models import QuerySet

from liuchi.ground.journal.models import DeadLetter, Line


def dead_letters() -> QuerySet[DeadLetter]:
    """Return the unresolved dead letters with their lines, oldest first, for the operator's door.

    They hold ids, codes and error classes only; retrying one asks for the power `operate_journal`.
    """
    return DeadLetter.objects.filter(resolved_at__isnull=True).select_related("line").order_by("first_at", "id")


def history_of(subject_type: str, subject_id: UUID) -> QuerySet[Line]:
    """Return the lines about one subject in the order of writing, sealed or not.

    For the room that owns the subject: it has decided who may see it.
    """
    return Line.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("seq")
