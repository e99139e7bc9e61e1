"""Taking in what somebody says. A report is never refused for a missing category or place."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from liuchi.engines.cases.models import Accused, Case, Channel
from liuchi.engines.cases.opening import (
    REPORT,
    Receipt,
    ReportRefused,
    known_receipt,
    open_rows,
    place_of,
    require_contact,
    required_words,
)
from liuchi.engines.cases.queries import classes
from liuchi.engines.cases.receipts import receipt_code
from liuchi.engines.cases.secrecy import somebody_is_left
from liuchi.ground.attachments.belonging import NO_FILES, Files, claim
from liuchi.ground.journal.actions import write
from liuchi.ground.kernel import clock as house_clock
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.organisations.models import Organisation


@again_on("report_receipt_once")
@action
def report_case(
    *,
    by: Actor,
    token: UUID,
    text: str,
    channel: str = Channel.WEB,
    longitude: float | None = None,
    latitude: float | None = None,
    area_id: UUID | None = None,
    address: str = "",
    name: str = "",
    phone: str = "",
    files: Files = NO_FILES,
    is_secret: bool = False,
    about_unit_id: UUID | None = None,
    matter: str = "",
    at: datetime | None = None,
) -> Receipt:
    """Open a case from one report and give a receipt; the same `token` again returns the first receipt.

    The place is the grid of the point (CGCS2000 degrees), else `area_id` if it lies in the district, else the whole
    district: the desk can locate it.
    `is_secret`: it is about a unit or its staff (`about_unit_id`, where the reporter knows it) and is kept from them.
    `matter` names the class that the reporter chose ("component-0101"); the desk decides.
    `name` and `phone` are kept sealed. `files` are photos brought before. `at` is when it was said, where
    that differs from now.

    Raises:
        NotAllowed: the actor may not report.
        ReportRefused: no text, a text over 5,000 characters, a name or telephone too long, coordinates or a class that
            are none, or a secret report about a unit to which everybody belongs who could read it.
    """
    if not by.allows("cases.report"):
        raise NotAllowed(_("You may not report here."))
    text = required_words(text)
    require_contact(name, phone)
    known = known_receipt(token)
    if known is not None:
        return known
    moment = at or house_clock.now()
    place = place_of(by, longitude, latitude, area_id)
    opened = open_rows(
        by=by,
        token=token,
        text=text,
        channel=channel,
        place=place,
        point=(longitude, latitude),
        address=address,
        name=name,
        phone=phone,
        moment=moment,
        number=_number_of(at) if at is not None else "",
        matter=_known_matter(matter),
    )
    accused = _accused(opened.case, about_unit_id, moment) if is_secret else []
    line, move = opened.noted.rows()
    write(line, opened.case, opened.report, opened.step, move, *accused)
    claim(files, subject_type=REPORT, subject_id=opened.report.id)
    return Receipt(opened.case.id, opened.case.number, receipt_code(token), is_new=True)


def _accused(case: Case, unit_id: UUID | None, moment: datetime) -> list[Accused]:
    """Make the case secret; return whom it is about, where the reporter named a unit that there is."""
    case.is_secret = True
    if unit_id is None or not Organisation.objects.filter(id=unit_id).exists():
        return []
    if not somebody_is_left(case.place_id, [unit_id]):
        raise ReportRefused(
            _("Everybody who would read this report belongs to that unit. Please turn to the discipline commission."),
            field="about_unit",
        )
    return [Accused(case=case, unit_id=unit_id, named_at=moment)]


def _known_matter(matter: str) -> str:
    """Return the name of a class in force, as it is.

    Raises:
        ReportRefused: there is none of this name.
    """
    kind, _dash, code = matter.partition("-")
    if matter and not classes().filter(kind=kind, code=code).exists():
        raise ReportRefused(_("There is no class of this name."), field="matter")
    return matter


def _number_of(moment: datetime) -> str:
    """Return the next case number with the day on which it was said, where that is not today."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_next_number(%s)", [moment])
        (number,) = cursor.fetchone() or ("",)
    return str(number)
