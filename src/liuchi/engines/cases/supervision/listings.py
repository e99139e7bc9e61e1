"""The list of supervisions as it may be taken out of the house; of units and offices, never of persons."""

from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models import Supervision
from liuchi.engines.cases.queries import public_place
from liuchi.ground.exchange.listings import ListColumn, Listing


def _matter(row: Supervision) -> str | None:
    return row.case.condition.case_class.name if row.case.condition else None


SUPERVISIONS = Listing(
    "cases.supervisions",
    _("Supervision of cases"),
    (
        ListColumn("number", _("Number"), lambda row: row.case.number),
        ListColumn("class", _("Matter"), _matter),
        ListColumn("place", _("Place"), lambda row: public_place(row.case)),
        ListColumn("level", _("Level"), lambda row: row.get_level_display()),
        ListColumn("unit", _("Unit"), lambda row: row.unit.short_name if row.unit else None),
        ListColumn("raised_to", _("Told above"), lambda row: row.raised_to.short_name if row.raised_to else None),
        ListColumn("issued_at", _("Issued"), lambda row: row.issued_at),
        ListColumn("answer_due_at", _("Answer due"), lambda row: row.answer_due_at),
        ListColumn("standing", _("Standing"), lambda row: row.get_standing_display()),
        ListColumn("ended_at", _("Ended"), lambda row: row.ended_at),
    ),
)
