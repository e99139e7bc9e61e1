"""`liuchi due MOMENT LIMIT`."""

import os

import click
from django.conf import settings

from liuchi.doors.cli.house import data_option, open_house
from liuchi.ground.calendars.due_text import due_command
from liuchi.ground.calendars.engine import WorkCalendar
from liuchi.ground.calendars.queries import current_version, work_calendar
from liuchi.ground.calendars.shipped import shipped_calendar


@click.command(name="due")
@click.argument("moment")
@click.argument("limit")
@data_option
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
    if not ("LIUCHI_DATA" in os.environ or "DATABASE_URL" in os.environ):
        return shipped_calendar()
    if "DATABASE_URL" not in os.environ and not settings.LIUCHI_DATA.exists():
        raise click.ClickException(f"There is no instance at {settings.LIUCHI_DATA}; leave --data out.")
    with open_house():
        return work_calendar(current_version())
