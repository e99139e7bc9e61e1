"""Taking in what cases are compared and sorted with: classifications of demands, requests recorded elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.kinds import REQUESTS_IMPORTED, TOPICS_IMPORTED
from liuchi.engines.cases.models import RecordedRequest, Topic
from liuchi.ground.exchange.registers import Outcome, Result
from liuchi.ground.exchange.tables import keep_rows
from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed

#: Who looks after what cases are filed by: it decides what becomes of reports everywhere.
POWER: Final = "cases.standards"


@action
def import_topics(*, by: Actor, classification: str, topics: Sequence[tuple[str, str, str]]) -> list[Result]:
    """Take in headings as (code, name, code above or ""), by level; return what became of each, in order.

    Journal: `case.topics_imported`. Raises NotAllowed.
    """
    _refuse_unless_allowed(by)
    results, above = list[Result](), dict[str, UUID]()
    for level in (1, 2, 3):
        wanted = [
            {
                "classification": classification,
                "code": code,
                "name": name,
                "level": level,
                "parent_id": above.get(parent) if parent else None,
            }
            for code, name, parent in topics
            if len(code) == 2 * level
        ]
        results += keep_rows(Topic, wanted, key=("code", "classification")) if wanted else []
        known = Topic.objects.filter(classification=classification, level=level).order_by("code")
        above |= dict(known.values_list("code", "id"))
    _record(TOPICS_IMPORTED, by, "cases.topic", results)
    return results


@action
def import_requests(*, by: Actor, requests: Sequence[Mapping[str, Any]]) -> list[Result]:
    """Take in requests recorded by another place, known by its number; return what became of each.

    Journal: `case.requests_imported`. Raises NotAllowed.
    """
    _refuse_unless_allowed(by)
    results = keep_rows(RecordedRequest, requests, key=("number", "jurisdiction"))
    _record(REQUESTS_IMPORTED, by, "cases.recorded_request", results)
    return results


def _refuse_unless_allowed(by: Actor) -> None:
    if not by.allows(POWER):
        raise NotAllowed(_("You may not change the standards that cases are filed by."))


def _record(kind: Kind, by: Actor, subject_type: str, results: Sequence[Result]) -> None:
    written = [result for result in results if result.outcome != Outcome.UNCHANGED]
    if written:
        subject = UUID(written[0].touched[0].pk)
        record(kind=kind, by=by, subject_type=subject_type, subject_id=subject, data={"rows": len(written)})
