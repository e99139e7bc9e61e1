"""`liuchi access reset|key NAME`."""

from datetime import timedelta

import click

from liuchi.doors.cli.house import data_option, open_house
from liuchi.ground.access.actions import NewKey, exchange_key, make_key, reset_password
from liuchi.ground.access.actions.passwords import RESET_REASONS
from liuchi.ground.access.keys import key_with
from liuchi.ground.access.powers import NOT_FOR_KEYS
from liuchi.ground.access.queries import find_account
from liuchi.ground.access.viewers import viewer_of
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.territory.queries import territory


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


@command.command(name="key")
@click.argument("owner", required=False)
@click.option("--for", "called", default="", help="What it is called: the system that comes with it.")
@click.option("--power", "powers", multiple=True, help="What it opens; else all that the owner may do and keys can.")
@click.option("--network", "networks", multiple=True, help="From where, such as 10.1.0.0/16; else anywhere.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True, help="For how long.")
@click.option("--reason", default="", help="The agreement or order behind it.")
@click.option("--rotate", metavar="PREFIX", default="", help="Exchange the key that begins so for a new one instead.")
@click.option("--grace", type=click.IntRange(0, 168), default=24, show_default=True, help="Hours the old one lives on.")
@data_option
def key(
    owner: str | None,
    called: str,
    powers: tuple[str, ...],
    networks: tuple[str, ...],
    days: int,
    reason: str,
    rotate: str,
    grace: int,
) -> None:
    """Make a key by which another system comes in, in the responsibility of the account OWNER; print it once."""
    with open_house():
        if rotate:
            click.echo(_exchanged(rotate, grace))
            return
        if not (owner and called and reason):
            raise click.UsageError("give OWNER, --for and --reason, or --rotate PREFIX")
        account = find_account(owner)
        if account is None:
            raise click.ClickException(f"there is no open account {owner!r}")
        held = frozenset[str]().union(*(grant.powers for grant in viewer_of(account).grants)) - NOT_FOR_KEYS
        wanted = NewKey(
            name=called,
            owner_id=account.id,
            powers=powers or sorted(held),
            areas=[territory().root().id],
            networks=networks,
            expires_at=clock.now() + timedelta(days=days),
            reason=reason,
        )
        try:
            click.echo(make_key(by=System("command line"), key=wanted)[1])
        except RuleBroken as error:
            raise click.ClickException(str(error)) from error


def _exchanged(prefix: str, grace: int) -> str:
    """Exchange a key and return the new one."""
    row = key_with(prefix.partition(".")[0])
    if row is None:
        raise click.ClickException(f"there is no key {prefix!r}")
    try:
        return exchange_key(by=System("command line"), key_id=row.id, grace=timedelta(hours=grace))[1]
    except RuleBroken as error:
        raise click.ClickException(str(error)) from error
