"""What `liuchi due MOMENT LIMIT` says."""

from datetime import datetime, timedelta

from liuchi.ground.calendars.engine import Deadline, MomentError, WorkCalendar
from liuchi.ground.calendars.limits import Limit


def read_moment(text: str, calendar: WorkCalendar) -> datetime:
    """Return an ISO moment; without a time it is midnight, without a zone it is the calendar's.

    Raises MomentError when the text is no moment.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise MomentError(
            f"{text!r} is no moment. Write a date or a date and a time, such as 2024-09-13T16:30."
        ) from error
    return moment.replace(tzinfo=calendar.timezone) if moment.tzinfo is None else moment


def due_command(moment: str, limit: str, calendar: WorkCalendar) -> tuple[str, str]:
    """Return what the command writes to standard output (the ISO moment) and to standard error (a warning, or nothing).

    Raises MomentError or LimitError, both ValueError, whose text tells the user what to write instead.
    """
    deadline = calendar.due(read_moment(moment, calendar), Limit.parse(limit))
    return deadline.at.isoformat(), provisional_note(deadline, calendar)


def explain_due(start: datetime, limit: Limit, calendar: WorkCalendar) -> str:
    """Return one plain sentence: the start, the limit, the end, the holidays and make-up days between, the calendar."""
    deadline = calendar.due(start, limit)
    text = f"{limit} from {start.isoformat()} ends {deadline.at.isoformat()} (calendar {deadline.calendar})"
    if not limit.unit.is_continuous:
        text += _days_on_the_way(start, deadline, calendar)
    note = provisional_note(deadline, calendar)
    return f"{text}.\n{note}" if note else f"{text}."


def provisional_note(deadline: Deadline, calendar: WorkCalendar) -> str:
    """Return a warning for a provisional deadline, else an empty text."""
    if not deadline.is_provisional:
        return ""
    years = sorted(calendar.published_years)
    known = f"holidays are known for {years[0]} to {years[-1]}" if years else "no year's holidays are known"
    return f"provisional: {known}; other days are counted Monday to Friday until `liuchi import holidays FILE`"


def _days_on_the_way(start: datetime, deadline: Deadline, calendar: WorkCalendar) -> str:
    first, last = start.astimezone(calendar.timezone).date(), deadline.at.date()
    between = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    working = sum(map(calendar.is_workday, between))
    named = [f"{day} {calendar.days[day]}" for day in between if day in calendar.days]
    text = f"; {working} working days of {len(between)}"
    return f"{text}; named by a notice: {', '.join(named)}" if named else text
