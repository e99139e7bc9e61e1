"""`liuchi due MOMENT LIMIT`."""

import os

import click

from liuchi.ground.calendars.due_text import due_command
from liuchi.ground.calendars.engine import WorkCalendar
from liuchi.ground.calendars.shipped import shipped_calendar


@click.command(name="due")
@click.argument("moment")
@click.argument("limit")
@click.option("--data", metavar="DIR", expose_value=False, help="Count by the newest calendar of this instance.")
def command(moment: str, limit: str) -> None:
    """Print when LIMIT, started at MOMENT, is over.

    MOMENT is an ISO moment (China's time unless it says otherwise); LIMIT is an amount and a unit: work_hour, work_day,
    urgent_hour, urgent_day, natural_day. With --data or DATABASE_URL, the newest imported calendar counts; else the one
    that ships with the product.
    """
    try:
        answer, remark = due_command(moment, limit, _calendar())
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(answer)
    if remark:
        click.echo(remark, err=True)


def _calendar() -> WorkCalendar:
    if not (os.environ.get("LIUCHI_DATA") or os.environ.get("DATABASE_URL")):
        return shipped_calendar()
    # Here, not at the top: the shipped calendar needs no database, and answers in a fifth of the time.
    from liuchi.doors.cli.main import set_up

    set_up()
    from liuchi.doors.cli.house import open_house
    from liuchi.ground.calendars.queries import current_version, work_calendar

    with open_house():
        return work_calendar(current_version())
