"""`liuchi explain access WHO WHAT`, `liuchi explain deadlines NUMBER`, `liuchi explain call-back NUMBER`."""

import click
from django.utils.translation import override

from liuchi.doors.cli.house import data_option, open_house
from liuchi.doors.ui.explaining import tell
from liuchi.engines.cases.calling.drawing import verify_draws
from liuchi.engines.cases.explaining import explain_deadline
from liuchi.engines.cases.models import Case, ClockKind, State
from liuchi.engines.cases.queries import clocks_of
from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import viewer_of
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import RuleBroken


@click.group(name="explain")
def command() -> None:
    """Say why something is as it is."""


@command.command(name="deadlines")
@click.argument("number")
@click.option("--language", default="zh-hans", type=click.Choice(["zh-hans", "en"]), help="In which language.")
@data_option
def deadlines(number: str, language: str) -> None:
    """Say of every clock of the case NUMBER when it is or was due, and why."""
    with open_house(), override(language):
        case = Case.objects.select_related("condition__case_class").filter(number=number).first()
        if case is None:
            raise click.ClickException(f"there is no case {number!r}")
        for each in clocks_of(case):
            step = f" {State(each.step).label}" if each.step in State.values else ""
            click.echo(f"{ClockKind(each.kind).label}{step}: {explain_deadline(each, clock.now()).sentence}")


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


@command.command(name="call-back")
@click.argument("number")
@data_option
def call_back(number: str) -> None:
    """Draw the closings of the case NUMBER again with this house's key, and say whether each is and was drawn."""
    with open_house():
        case = Case.objects.filter(number=number).first()
        if case is None:
            raise click.ClickException(f"there is no case {number}")
        closings = verify_draws(case)
        for each in closings:
            drawn, was = ("drawn" if each.is_drawn else "not drawn"), ("it was" if each.was_drawn else "it was not")
            click.echo(
                f"{each.closed_at:%Y-%m-%d %H:%M}  lot {each.lot:.4f} of 100, share {each.percent}: {drawn}; {was}"
            )
        if not closings:
            click.echo("the case was never closed")
