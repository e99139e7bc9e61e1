"""`liuchi keys list|rotate|status|reseal|retire`."""

import time
from datetime import UTC
from pathlib import Path
from typing import cast

import click
from django.conf import settings

from liuchi.doors.cli.house import say, with_house
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.keyfile import USES, Key, KeyFile, Use, read_keyfile
from liuchi.ground.records.actions.keys import retire_key
from liuchi.ground.records.key_counts import KeyNeed, needs
from liuchi.ground.records.rotation import NOTICE, rotate_key, seal_everything_anew

OPERATOR = System("command-line")
_USE = click.Choice(USES)


@click.group(name="keys")
def command() -> None:
    """Keys for sealing, finding and signing: change them while everything runs."""


@command.command("list")
@with_house()
def list_keys() -> None:
    """List the keys of each use, and which is current."""
    file = _file()
    for use in USES:
        click.echo(f"{use}:")
        for key in file.uses[use]:
            since = (
                "from the beginning"
                if key.starts.year == 1
                else f"since {key.starts.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"
            )
            click.echo(f"  {key.name:<17} {_state(file, use, key):<8} {since}")


@command.command()
@click.argument("uses", nargs=-1, type=_USE)
@click.option(
    "--notice",
    default=NOTICE,
    show_default=True,
    help="Seconds until the new key is used; longer where the key file is carried to other machines first.",
)
@with_house()
def rotate(uses: tuple[str, ...], notice: int) -> None:
    """Add new keys (of all uses, or of those named) and make them current; the worker seals everything anew."""
    for use in cast("tuple[Use, ...]", uses or USES):
        key = rotate_key(by=OPERATOR, use=use, notice=notice)
        click.echo(f"{use}: {key.name} is current from {key.starts.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}.")
    click.echo("Keep a copy of the key file where keys are kept: without it nothing sealed opens again.")


@command.command()
@with_house()
def status() -> None:
    """Show how many values stand under which key, and what is left to be sealed anew."""
    file, now = _file(), clock.now()
    current = {use: file.current(use, now).name for use in USES}
    found = list(needs())
    for need in found:
        mark = "" if _is_done(need, current) else "   to be sealed anew"
        click.echo(f"{need.use:<8} {need.key:<4} {need.values:>10,}  {need.where}{mark}")
    left = sum(need.values for need in found if not _is_done(need, current))
    click.echo(f"{left:,} values are left." if left else "Everything stands under the current keys.")


@command.command()
@with_house()
def reseal() -> None:
    """Seal everything anew here and now, instead of waiting for the worker."""
    begun = time.monotonic()
    done = seal_everything_anew(by=OPERATOR)
    say(f"{time.monotonic() - begun:.1f} s")
    click.echo(
        "Everything stands under the current keys." if done else "Some rows are held by others; see `keys status`."
    )


@command.command("retire")
@click.argument("use", type=_USE)
@click.argument("key")
@with_house()
def retire(use: Use, key: str) -> None:
    """Take KEY out of the key file; refused while anything still needs it."""
    retire_key(by=OPERATOR, use=use, name=key)
    click.echo(
        f"{key} is gone from the key file. Backups made before the rotation open only with a copy of the old file."
    )


def _file() -> KeyFile:
    return read_keyfile(Path(settings.LIUCHI_KEYS))


def _state(file: KeyFile, use: Use, key: Key) -> str:
    if key.secret is None:
        return "retired"
    if key.starts > clock.now():
        return "waits"
    return "current" if key.name == file.current(use, clock.now()).name else "older"


def _is_done(need: KeyNeed, current: dict[Use, str]) -> bool:
    return need.is_bound and need.key == current[cast("Use", need.use)]
