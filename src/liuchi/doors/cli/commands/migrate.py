"""`liuchi migrate`."""

import click

from liuchi.doors.cli.database import migrate
from liuchi.doors.cli.house import with_house
from liuchi.ground.access.actions import set_roles
from liuchi.ground.calendars.actions import ensure_base_calendar
from liuchi.ground.kernel.actors import System

SETUP = System("set-up")


@click.command(name="migrate")
@with_house(founding=True)
def command() -> None:
    """Bring the database to this version, with the calendar and the roles that ship with it.

    Begins a new instance where there is none: its directory, its keys, its embedded server.
    """
    migrate()
    ensure_base_calendar(by=SETUP)
    set_roles(by=SETUP)
    click.echo("The database is up to date.")
