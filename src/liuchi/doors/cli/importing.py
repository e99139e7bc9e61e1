"""How the command line tells of an import: progress while it runs, findings, a preview, the end."""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Self

import click

from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.preview import PreviewRow
from liuchi.ground.exchange.registers import Register, Result

_SHOWN = 20
_WIDTH = 24


class Progress:
    """A line that is written over and over, on a terminal; elsewhere it says nothing, for logs are read by people."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._shows = sys.stderr.isatty()
        self._step = ""

    def __enter__(self) -> Self:
        """Return the line."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the line."""
        if self._shows and self._step:
            click.echo(err=True)

    def tell(self, one: Import) -> None:
        """Show how far an import got, and how fast."""
        is_check = one.state in {State.CHECKING, State.CHECKED}
        count, step = (one.checked, "checked") if is_check else (one.done, "rows")
        if not self._shows or not one.total or one.state == State.READ:
            return
        if step != self._step:
            self._began, self._step = time.monotonic(), step
        speed = count / max(time.monotonic() - self._began, 0.001)
        filled = round(20 * count / one.total)
        bar = "█" * filled + "░" * (20 - filled)
        click.echo(f"\r{bar} {count:,}/{one.total:,} {step}, {speed:,.0f}/s   ", nl=False, err=True)


def say_findings(one: Import) -> None:
    """List what the check found: how many rows, which faults how often, the first of them by row."""
    click.echo(f"{one.number}: {one.total} rows, {one.total - one.bad} can be read, {one.bad} want correcting.")
    findings = one.findings
    for column, message, is_note, count in findings.get("counts", []):
        click.echo(f"  {'note' if is_note else 'fault'} ×{count}  {column or '-'}: {message}")
    for row, column, message, is_note in findings.get("shown", [])[:_SHOWN]:
        if not is_note:
            click.echo(f"  row {row}  {column or '-'}: {message}")


def say_preview(register: Register, rows: Sequence[PreviewRow]) -> None:
    """Show the first rows as they would be; personal values are masked."""
    for row in rows:
        values = "  ".join(f"{register.column(key).label}={value}" for key, value in row.values.items() if value)
        why = "; ".join(problem.message for problem in row.problems)
        click.echo(f"  row {row.number}  {row.outcome}  {values}" + (f"  ({why})" if why else ""))


def say_end(one: Import, results: Iterable[tuple[int, Result]] = ()) -> None:
    """Say how an import ended: what was noticed about rows, how many of them became what."""
    noticed = Counter(problem.message for _row, result in results for problem in result.problems if problem.is_note)
    for message, count in noticed.most_common(_SHOWN):
        click.echo(f"  ×{count}  {message}" if count > 1 else f"  {message}")
    if one.done == one.unchanged:
        click.echo("Nothing new in this file.")
        return
    changes = ", ".join(
        f"{count} {word}"
        for count, word in (
            (one.created, "created"),
            (one.changed, "changed"),
            (one.unchanged, "unchanged"),
            (one.refused, "refused"),
        )
        if count
    )
    click.echo(f"{one.number}: {changes}.")
    if one.refused:
        click.echo(f"The refused rows with the reasons: liuchi imports errors {one.number} FILE", err=True)
