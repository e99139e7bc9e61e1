"""The lists of this room as they may be taken out of the house."""

from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models import State
from liuchi.engines.cases.queries import ListedCase, public_place
from liuchi.engines.cases.search.queries import FoundCase
from liuchi.ground.exchange.listings import ListColumn, Listing


def _state(case: ListedCase | FoundCase) -> str:
    return str(State(case.state).label)


#: The work-list without addresses and words of reporters: what remains tells of nobody.
WORK_LIST = Listing(
    "cases.work_list",
    _("Open cases"),
    (
        ListColumn("number", _("Number"), lambda case: case.number),
        ListColumn("class", _("Matter"), lambda case: case.class_name),
        ListColumn("place", _("Place"), public_place),
        ListColumn("unit", _("Unit"), lambda case: case.unit_name),
        ListColumn("state", _("State"), _state),
        ListColumn("step_due_at", _("This step is due"), lambda case: case.step_due_at),
        ListColumn("due_at", _("Promised by"), lambda case: case.due_at),
        ListColumn("provisional", _("Provisional"), lambda case: case.is_provisional),
    ),
)

#: Call-backs without anybody's name or words: what came of each.
CALL_BACKS = Listing(
    "cases.call_backs",
    _("Call-backs"),
    (
        ListColumn("number", _("Number"), lambda row: row.case.number),
        ListColumn("class", _("Matter"), lambda row: row.case.condition.case_class.name if row.case.condition else ""),
        ListColumn("place", _("Place"), lambda row: public_place(row.case)),
        ListColumn("unit", _("Unit"), lambda row: row.case.unit.short_name if row.case.unit else ""),
        ListColumn("drawn_at", _("Drawn"), lambda row: row.drawn_at),
        ListColumn("share", _("Share drawn (%)"), lambda row: row.percent),
        ListColumn("calls", _("Calls"), lambda row: row.calls),
        ListColumn("result", _("Result"), lambda row: str(row.get_result_display())),
        ListColumn("satisfied", _("Satisfied"), lambda row: row.is_satisfied),
        ListColumn("ended_at", _("Ended"), lambda row: row.ended_at),
    ),
)

#: What a search found; without addresses and words of reporters, so that it tells of nobody.
FOUND_CASES = Listing(
    "cases.found",
    _("Cases found"),
    (
        ListColumn("number", _("Number"), lambda case: case.number),
        ListColumn("class", _("Matter"), lambda case: case.class_name),
        ListColumn("place", _("Place"), public_place),
        ListColumn("unit", _("Unit"), lambda case: case.unit_name),
        ListColumn("state", _("State"), _state),
        ListColumn("reported_at", _("Reported at"), lambda case: case.reported_at),
        ListColumn("ended_at", _("Ended"), lambda case: case.ended_at),
    ),
)
