"""`liuchi explain access WHO WHAT`."""

import click

from liuchi.doors.cli.house import data_option, open_house
from liuchi.doors.ui.explaining import tell
from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import viewer_of
from liuchi.ground.kernel.errors import RuleBroken


@click.group(name="explain")
def command() -> None:
    """Say why something is as it is."""


@command.command(name="access")
@click.argument("who")
@click.argument("what")
@click.option("--hat", default="", help="Key of the hat worn; the one worn unasked when left out.")
@data_option
def access(who: str, what: str, hat: str) -> None:
    """Say whether the account WHO may do or open WHAT, and why.

    WHAT is an address (/office/cases/…/), a case number, or a power, with @ and an area's code where it matters:
    cases.see@990803001.
    """
    with open_house():
        account = Account.objects.filter(username=who, is_active=True).first()
        if account is None:
            raise click.ClickException(f"there is no open account {who!r}")
        viewer = viewer_of(account, hat)
        try:
            told = tell(viewer, what)
        except RuleBroken as error:
            raise click.ClickException(str(error)) from error
        keys = ", ".join(each.key for each in viewer.hats)
        click.echo(told.verdict)
        for line in told.lines:
            click.echo(f"  {line}")
        if viewer.hat is not None:
            click.echo(f"  [{viewer.hat.key}] {keys}" if len(viewer.hats) > 1 else f"  [{viewer.hat.key}]")
