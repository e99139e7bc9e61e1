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
