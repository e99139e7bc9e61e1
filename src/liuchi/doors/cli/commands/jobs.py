"""`liuchi jobs list|retry`."""

import json

import click
from django.utils import timezone

from liuchi.doors.cli.house import with_house
from liuchi.ground.kernel.jobs import failed_jobs, retry_job


@click.group(name="jobs")
def command() -> None:
    """Look after the work that the worker does later."""


@command.command("list")
@with_house()
def list_jobs() -> None:
    """List the jobs that were laid aside after all their attempts."""
    failures = failed_jobs()
    for each in failures:
        given = json.dumps(each.arguments, separators=(",", ":"))
        at = timezone.localtime(each.failed_at).isoformat(timespec="minutes")
        click.echo(f"{each.id}  {each.name} {given}  {each.attempts} attempts  {at}  {each.error or 'worker killed'}")
    click.echo(f"{len(failures)} jobs laid aside.")


@command.command()
@click.argument("number", type=int)
@with_house()
def retry(number: int) -> None:
    """Run a job again; its NUMBER is in `liuchi jobs list`."""
    if not retry_job(number):
        raise click.ClickException(f"No job {number} was laid aside; see `liuchi jobs list`.")
    click.echo("It waits for the worker.")
