"""The read log as it may be taken out: who read whose data is personal, so that leaves a line of its own."""

from django.utils.translation import gettext_lazy as _

from liuchi.doors.office.access.forms import READ_KINDS
from liuchi.ground.access.purposes import READ_PURPOSES
from liuchi.ground.access.queries_reads import ReadRow
from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.exchange.purposes import purpose_words
from liuchi.ground.territory.queries import territory


def kind_words(row: ReadRow) -> str:
    """Return what was done, in words."""
    return str(READ_KINDS.get(row.kind, row.kind))


def reason_words(row: ReadRow) -> str:
    """Return what it was done for, in words."""
    return str(READ_PURPOSES.get(row.purpose) or purpose_words(row.purpose))


def area_name(row: ReadRow) -> str:
    """Return the area by which the value was within reach; empty where there is none."""
    area = territory().areas.get(row.place_id) if row.place_id is not None else None
    return area.name if area is not None else ""


READS = Listing(
    "access.reads",
    _("Read log"),
    (
        ListColumn("number", _("No."), lambda row: row.seq),
        ListColumn("at", _("When"), lambda row: row.at),
        ListColumn("username", _("Who"), lambda row: row.username, is_personal=True),
        ListColumn("kind", _("Read"), kind_words),
        ListColumn("field", _("Field or list"), lambda row: row.field),
        ListColumn("rows", _("How many"), lambda row: row.rows),
        ListColumn("is_found", _("Somebody was found"), lambda row: row.is_found),
        ListColumn("person", _("About"), lambda row: str(row.person_id or ""), is_personal=True),
        ListColumn("purpose", _("What for?"), reason_words),
        ListColumn("area", _("Area"), area_name),
        ListColumn("glass", _("glass broken"), lambda row: row.is_under_glass),
    ),
)
