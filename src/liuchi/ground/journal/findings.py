"""What `verify` found, and how it is told."""

from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Problems told one by one; beyond that they are counted.
MOST = 500


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, with the line and the position it is about, where there is one.

    `code` is stable: edited, deleted, inserted, moved, forged (lines); batch_missing, batch_changed, batch_inserted
    (the database's seals); not_a_table (a view in its place); file_truncated, file_changed, leaves_changed, signature,
    chain (the files).
    """

    code: str
    message: str
    line_id: UUID | None = None
    position: int | None = None


@dataclass
class Report:
    """The outcome of one verification. `lines` and `batches` are those found sealed, `pending` those still waiting."""

    lines: int = 0
    batches: int = 0
    pending: int = 0
    problems: list[Problem] = field(default_factory=list)
    more: int = 0

    @property
    def is_green(self) -> bool:
        """Tell whether nothing at all was found wrong."""
        return not self.problems

    @property
    def is_full(self) -> bool:
        """Tell whether further problems will only be counted."""
        return len(self.problems) >= MOST

    def add(self, code: str, message: str, line_id: UUID | None = None, position: int | None = None) -> None:
        """Note a problem."""
        if self.is_full:
            self.more += 1
        else:
            self.problems.append(Problem(code, message, line_id, position))


def verify_text(report: Report) -> str:
    """Return the report as the text that `liuchi journal verify` prints."""
    facts = {"lines": report.lines, "batches": report.batches, "pending": report.pending}
    told = [_("%(lines)s sealed lines in %(batches)s batches, %(pending)s waiting to be sealed.") % facts]
    told += [f"[{problem.code}] {problem.message}" for problem in report.problems]
    if report.more:
        told.append(_("… and %(count)s more.") % {"count": report.more})
    if report.is_green:
        told.append(_("The journal is intact."))
    else:
        count = len(report.problems) + report.more
        told.append(
            ngettext(
                "The journal is NOT intact: %(count)s problem.", "The journal is NOT intact: %(count)s problems.", count
            )
            % {"count": count}
        )
    return "\n".join(told)
