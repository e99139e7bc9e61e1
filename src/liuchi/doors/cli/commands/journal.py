"""`liuchi journal verify|dead|retry|resume-after-restore`."""

import sys
from uuid import UUID

import click
from django.conf import settings
from django.utils.module_loading import import_string

from liuchi.doors.cli.house import with_house
from liuchi.ground.journal.actions import retry_dead_letter
from liuchi.ground.journal.findings import verify_text
from liuchi.ground.journal.queries import dead_letters
from liuchi.ground.journal.restoring import resume_after_restore
from liuchi.ground.journal.verify import verify as verify_journal
from liuchi.ground.kernel.actors import System

OPERATOR = System("command-line")


@click.group(name="journal")
def command() -> None:
    """Look after the record of what happened."""


@command.command()
@with_house()
def verify() -> None:
    """Check every line against the seals kept outside the database; exits 1 and names what is wrong."""
    report = verify_journal()
    click.echo(verify_text(report))
    sys.exit(1 if report.problems else 0)


@command.command()
@with_house()
def dead() -> None:
    """List the lines that a reaction could not take."""
    letters = list(dead_letters())
    for letter in letters:
        click.echo(f"{letter.id}  {letter.reaction}  {letter.line.kind}  {letter.attempts} attempts  {letter.error}")
    click.echo(f"{len(letters)} dead letters.")


@command.command()
@click.argument("letter", type=click.UUID)
@with_house()
def retry(letter: UUID) -> None:
    """Run a reaction again for a dead LETTER (its id is in `liuchi journal dead`)."""
    retry_dead_letter(by=OPERATOR, dead_letter_id=letter, reactions=import_string(settings.LIUCHI_REACTIONS))
    click.echo("Done.")


@command.command("resume-after-restore")
@click.option("--reason", required=True, help="Which backup was restored, and why; kept outside the database.")
@with_house()
def resume(reason: str) -> None:
    """Go on sealing after an older copy of the database was restored; what was lost is recorded as lost."""
    seal = resume_after_restore(by=OPERATOR, reason=reason)
    click.echo(f"Epoch {seal.epoch} begins.")
