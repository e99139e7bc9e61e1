"""The register of holidays. Calendars stand below this room and cannot declare it themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.calendars.access import PUBLISH
from liuchi.ground.calendars.actions import import_holidays, republish_version
from liuchi.ground.calendars.contents import read_contents
from liuchi.ground.calendars.engine import DayKind
from liuchi.ground.calendars.holidays_file import LONGEST_NAME, NamedDay, years_carried
from liuchi.ground.calendars.models import CalendarVersion
from liuchi.ground.calendars.queries import current_version
from liuchi.ground.exchange.columns import Choice, Code, Column, Day, Text, Whole
from liuchi.ground.exchange.registers import (
    Entry,
    Outcome,
    Problem,
    Register,
    Result,
    RowRefused,
    Source,
    Touched,
    Values,
    Written,
)
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import Stale

_VERSION = "calendars.CalendarVersion"


def _read(values: Values) -> Values:
    """Refuse a day far from the year whose notice the file says it carries."""
    year = values.get("year")
    if year is not None and abs(values["date"].year - year) > 1:
        raise RowRefused(Problem("strange_year", _("This day is far from the year of the notice."), "date"))
    return values


def _apply(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    code = source.values["calendar"]
    before = current_version(code)
    known = read_contents(before).days
    rows = [entry.row for entry in entries]
    days = {row["date"]: NamedDay(row["date"], row["name"], DayKind(row["kind"])) for row in rows}
    said = frozenset(row["year"] for row in rows if row.get("year") is not None)
    published = import_holidays(
        by=by, source=source.name, days=days.values(), calendar_code=code, years=said or years_carried(days.values())
    )
    results = [Result(_outcome(known.get(on), day)) for on, day in days.items()]
    if published.is_new and results:
        # The version belongs to the file as a whole: the first row stands for it.
        version = Touched(_VERSION, str(published.version.id), {"number": before.number})
        results[0] = Result(results[0].outcome, (version,))
    return results


def _outcome(known: NamedDay | None, day: NamedDay) -> Outcome:
    if known is None:
        return Outcome.CREATED
    return Outcome.UNCHANGED if known == day else Outcome.CHANGED


def _undo(by: Actor, written: Written, source: Source) -> Sequence[tuple[int, Problem]]:
    """Publish anew what the calendar said before; a version that came later stands in the way."""
    for number, result in written.done:
        for each in result.touched:
            version = CalendarVersion.objects.get(id=each.pk)
            try:
                republish_version(
                    by=by,
                    calendar_code=source.values["calendar"],
                    number=(each.before or {})["number"],
                    newest=version.number,
                    source=source.name,
                )
            except Stale as error:
                return [(number, Problem("changed_since", str(error)))]
    return []


def _rows_of(document: Any) -> Sequence[Mapping[str, Any]]:
    """Return the days of a notice: {"year": 2027, "days": [{"name", "date", "isOffDay"}]}."""
    return [{**day, "year": document["year"]} for day in document["days"]]


HOLIDAYS = Register(
    code="holidays",
    title=gettext_lazy("Holidays and make-up working days"),
    columns=(
        Column("date", gettext_lazy("Day"), Day(), ("日期", "放假日期"), is_required=True, example="2027-01-01"),
        Column(
            "name",
            gettext_lazy("Holiday"),
            Text(LONGEST_NAME, least=1),
            ("节日", "节日名称", "名称"),
            is_required=True,
            example="元旦",
        ),
        Column(
            "kind",
            gettext_lazy("Off or working"),
            Choice(
                {"off": gettext_lazy("off"), "work": gettext_lazy("working")},
                {
                    "true": "off",
                    "false": "work",
                    "休": "off",
                    "放假": "off",
                    "班": "work",
                    "上班": "work",
                    "调休": "work",
                },
            ),
            ("类型", "性质", "isOffDay"),
            is_required=True,
            example="off",
        ),
        Column("year", gettext_lazy("Year of the notice"), Whole(2000, 2100), ("年份",)),
        Column(
            "calendar",
            gettext_lazy("Calendar"),
            Code("[A-Za-z0-9_.:+-]{1,40}", gettext_lazy("the code of a calendar")),
            is_once=True,
            default="cn",
        ),
    ),
    power=PUBLISH,
    apply=_apply,
    read_row=_read,
    key=lambda row: row["date"],
    is_whole=True,
    undo=_undo,
    help=gettext_lazy("The State Council's notice of a year. Deadlines that are running are computed anew."),
    rows_of=_rows_of,
)
