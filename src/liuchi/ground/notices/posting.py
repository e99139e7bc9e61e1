"""Telling people: into their inboxes, and out of the house where something is urgent.

Called inside the reaction or action from which the message follows; it writes there and leaves no line of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.notices.models import Notice, Urgency
from liuchi.ground.notices.outgoing import send_soon
from liuchi.ground.notices.templates import Template
from liuchi.ground.records.protected import seal

#: The field under which words for one reader are sealed.
WORDS = "notices.words"
#: Rows written with one statement.
BATCH = 1000


@dataclass(frozen=True)
class Message:
    """What is told: a template, its parameters, the `source` (a line, a clock) it follows from, and where it leads.

    `organisation_id` is the unit in whose name people are told; its group robots count along.
    """

    template: Template
    source: UUID
    parameters: Mapping[str, object] = field(default_factory=dict)
    urgency: Urgency = Urgency.ORDINARY
    link: str = ""
    organisation_id: UUID | None = None


def post(message: Message, people: Iterable[UUID], *, words: str = "") -> int:
    """Tell `people` (ids), each once per source and template however often this runs; return how many were told now.

    `words` are for the reader only: sealed, shown in the inbox, never sent anywhere.

    Raises:
        ParameterRefused: the parameters are not the template's, or hold more than ids, codes and numbers.
    """
    kept = message.template.keep(message.parameters)
    told = 0
    for batch in _batches(sorted(set(people))):
        rows = [_notice(message, kept, person, words) for person in batch]
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        fresh = _inserted(rows)
        told += len(fresh)
        if message.urgency == Urgency.URGENT:
            send_soon(fresh)
    return told


def _notice(message: Message, kept: Mapping[str, object], person: UUID, words: str) -> Notice:
    notice_id = new_id()
    return Notice(
        id=notice_id,
        person_id=person,
        organisation_id=message.organisation_id,
        topic=message.template.topic.code,
        urgency=message.urgency,
        template=message.template.code,
        parameters=dict(kept),
        words_sealed=seal(words, WORDS, notice_id),
        link=message.link,
        source=message.source,
        created_at=clock.now(),
    )


def _inserted(rows: Sequence[Notice]) -> list[Notice]:
    """Return the rows that stood nowhere before."""
    known = set(Notice.objects.filter(id__in=[row.id for row in rows]).values_list("id", flat=True))
    return [row for row in rows if row.id in known]


def _batches(people: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (people[start : start + BATCH] for start in range(0, len(people), BATCH))
