"""`liuchi access reset NAME`."""

import click

from liuchi.doors.cli.house import data_option, open_house
from liuchi.ground.access.actions import reset_password
from liuchi.ground.access.actions.passwords import RESET_REASONS
from liuchi.ground.access.queries import find_account
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.errors import RuleBroken


@click.group(name="access")
def command() -> None:
    """Look after accounts on the server itself."""


@command.command(name="reset")
@click.argument("name")
@click.option("--reason", type=click.Choice(RESET_REASONS), default="forgotten", show_default=True)
@data_option
def reset(name: str, reason: str) -> None:
    """Set a temporary password for the account NAME, an administrator's too, and print it once."""
    with open_house():
        account = find_account(name)
        if account is None:
            raise click.ClickException(f"there is no open account {name!r}")
        try:
            click.echo(reset_password(by=System("command line"), account_id=account.id, reason=reason))
        except RuleBroken as error:
            raise click.ClickException(str(error)) from error
