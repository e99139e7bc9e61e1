"""`liuchi privacy inventory|trial|put-away`."""

import sys
from uuid import UUID

import click

from liuchi.doors.cli.house import with_house
from liuchi.ground.kernel.actors import System
from liuchi.ground.records.actions.retention import make_trial, start_run
from liuchi.ground.records.inventory import inventory, inventory_csv, inventory_markdown
from liuchi.ground.records.models import RetentionRun
from liuchi.ground.records.retention import put_away

OPERATOR = System("command-line")


@click.group(name="privacy")
def command() -> None:
    """What personal data is kept, why, and for how long."""


@command.command("inventory")
@click.option("--format", "fmt", type=click.Choice(["csv", "md"]), default="md", show_default=True)
@with_house()
def show_inventory(fmt: str) -> None:
    """Print the inventory of personal data."""
    entries = inventory()
    sys.stdout.write(inventory_csv(entries) if fmt == "csv" else inventory_markdown(entries))


@command.command("trial")
@with_house()
def trial() -> None:
    """Count what is due to be put away; nothing is touched."""
    run = make_trial(by=OPERATOR)
    _tell(run)
    click.echo(f"Nothing was touched. To put this away within a week: liuchi privacy put-away {run.id}")


@command.command("put-away")
@click.argument("trial_id", type=click.UUID)
@with_house()
def put_away_now(trial_id: UUID) -> None:
    """Put away, here and now, what the trial TRIAL_ID has counted."""
    run = start_run(by=OPERATOR, trial_id=trial_id)
    put_away(by=OPERATOR, run_id=run.id)
    _tell(run)


def _tell(run: RetentionRun) -> None:
    click.echo(f"{'due':>10} {'put away':>10} {'held':>10} {'needed':>10}  of {'in all':>10}")
    for count in run.counts.order_by("type_name"):
        if count.days is not None:
            numbers = f"{count.due:>10,} {count.done:>10,} {count.held:>10,} {count.blocked:>10,}"
            click.echo(f"{numbers}     {count.total:>10,}  {count.type_name}")
