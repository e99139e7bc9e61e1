"""The rows with which a case opens, or which a further report adds to it. Nothing is written here; actions do that."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from liuchi.engines.cases import clocks
from liuchi.engines.cases.kinds import CASE_REPORTED
from liuchi.engines.cases.models import Case, CaseClock, ClockKind, Report, State
from liuchi.engines.cases.naming import LONGEST_NAME, normal_name
from liuchi.engines.cases.noting import Noted
from liuchi.engines.cases.receipts import receipt_code, receipt_index
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.actions import Statement
from liuchi.ground.kernel.actors import Actor, Historian
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.texts import plain_line, plain_text, says_something
from liuchi.ground.kernel.writes import build
from liuchi.ground.records import protected
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.queries import territory

#: What photos of a report are attached to.
REPORT = "cases.report"


LONGEST_TEXT, LONGEST_PHONE = 5000, 20


_REPORTED_BEFORE = """
SELECT found.id, found.number FROM cases_report AS report JOIN cases_case AS found ON found.id = report.case_id
WHERE report.receipt_index = %s AND report.origin_id IS NULL
"""


class ReportRefused(RuleBroken):
    """The report says nothing, or too much."""

    code = "report_refused"


@dataclass(frozen=True)
class Receipt:
    """What the reporter takes away: the case's number and the code that opens it."""

    case_id: UUID
    number: str
    code: str
    is_new: bool


@dataclass(frozen=True)
class Opened:
    """The rows of a new case."""

    case: Case
    report: Report
    step: CaseClock
    noted: Noted


def open_rows(
    *,
    by: Actor,
    token: UUID,
    text: str,
    channel: str,
    place: tuple[Area, bool],
    point: tuple[float | None, float | None],
    address: str,
    name: str,
    phone: str,
    moment: datetime,
    number: str = "",
    matter: str = "",
) -> Opened:
    """Return all rows of a new case, unsaved; `place` tells whether the point located it. Writes nothing."""
    area, located = place
    case = _case(area, channel, moment, address)
    case.longitude, case.latitude = point if located else (None, None)
    if number:
        case.number = number
    step = clocks.start_clock(case, ClockKind.STEP, State.RECEIVED, clocks.step_limit(case, State.RECEIVED), moment)
    clocks.facts(case, {ClockKind.STEP: step})
    report = new_report(case, by, token, text=text, channel=channel, name=name, phone=phone, at=moment)
    report.matter = matter
    facts = {"report": report.id, "channel": channel, "located": located}
    said = Statement(CASE_REPORTED, by, "cases.case", case.id, area.id, facts, moment)
    return Opened(case, report, step, first_noted(case, said))


def required_words(text: str) -> str:
    """Return what was said as it is kept.

    Raises:
        ReportRefused: it says nothing, or too much.
    """
    kept = plain_text(text)
    if not says_something(kept):
        raise ReportRefused(_("Say in a few words what it is about."), field="text")
    return bearable_words(kept)


def bearable_words(text: str) -> str:
    """Return what was said, perhaps nothing, as it is kept.

    Raises:
        ReportRefused: it says too much.
    """
    kept = plain_text(text)
    if len(kept) > LONGEST_TEXT:
        raise ReportRefused(
            _("Please use at most %(most)d characters; this text has %(count)d.")
            % {"most": LONGEST_TEXT, "count": len(kept)},
            field="text",
        )
    return kept


def require_contact(name: str, phone: str) -> None:
    """Refuse what could only be kept in part.

    Raises:
        ReportRefused: a name or a telephone number longer than what is kept of them.
    """
    if len(" ".join(name.split())) > LONGEST_NAME:
        raise ReportRefused(
            _("Please use at most %(most)d characters for the name.") % {"most": LONGEST_NAME}, field="name"
        )
    if len(protected.normal_phone(phone)) > LONGEST_PHONE:
        raise ReportRefused(
            _("A telephone number has at most %(most)d digits.") % {"most": LONGEST_PHONE}, field="phone"
        )


def first_noted(case: Case, said: Statement, name: str = "report") -> Noted:
    """Return what is noted as the first of a case's history."""
    columns = {
        "case_id": case.id,
        "name": name,
        "from_state": "",
        "to_state": State.RECEIVED,
        "actor_kind": said.by.kind,
        "actor_id": said.by.id,
        "happened_at": said.happened_at,
    }
    return Noted(said, columns)


def known_receipt(token: UUID) -> Receipt | None:
    """Return the receipt of a submission that came in before; asked plainly, for every report asks."""
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED_BEFORE, [receipt_index(receipt_code(token))])
        found = cursor.fetchone()
    return Receipt(found[0], found[1], receipt_code(token), is_new=False) if found else None


def place_of(by: Actor, longitude: float | None, latitude: float | None, area_id: UUID | None) -> tuple[Area, bool]:
    """Return the smallest known area of the place, and whether a point located it."""
    known = territory()
    if isinstance(by, Historian) and area_id is not None:
        return known.area(area_id), longitude is not None and latitude is not None
    if longitude is not None and latitude is not None:
        try:
            grid = known.locate(longitude, latitude)
        except ValueError as error:
            raise ReportRefused(
                _("These coordinates are not degrees of longitude and latitude."), field="place"
            ) from error
        if grid is not None:
            return grid, True
    root = known.root()
    if area_id is not None and area_id in known.areas and root.id in known.with_ancestors(area_id):
        return known.area(area_id), False
    return root, False  # an area above or beside the district would hide the case from every desk


def _case(place: Area, channel: str, moment: datetime, address: str) -> Case:
    return build(
        Case,
        id=new_id(),
        state=State.RECEIVED,
        channel=channel,
        place_id=place.id,
        address=plain_line(address)[:200],
        reported_at=moment,
    )


def new_report(
    case: Case, by: Actor, token: UUID, *, text: str, channel: str, name: str, phone: str, at: datetime
) -> Report:
    """Return a report in a case, unsaved, with name and phone sealed."""
    plain, called = protected.normal_phone(phone)[:LONGEST_PHONE], normal_name(name)
    report_id = new_id()
    return build(
        Report,
        id=report_id,
        case_id=case.id,
        receipt_index=receipt_index(receipt_code(token)),
        text=text,
        channel=channel,
        # Whoever answers for a key is not whoever speaks through it.
        reporter_id=by.person_id if isinstance(by, Viewer) and by.key_id is None else None,
        name_sealed=protected.seal(called, protected.NAME, report_id),
        name_index=protected.blind(called, protected.NAME),
        phone_sealed=protected.seal(plain, protected.PHONE, report_id),
        phone_index=protected.blind(plain, protected.PHONE),
        received_at=at,
    )
