"""What was sent, as it may be taken out of the house: no recipient, no text."""

from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.notices.models import Delivery


def _group(row: Delivery) -> str:
    return row.robot.organisation.short_name if row.robot is not None else ""


SENT = Listing(
    "notices.deliveries",
    _("Messages sent outside the house"),
    (
        ListColumn("created_at", _("Written"), lambda row: row.created_at),
        ListColumn("way", _("Way"), lambda row: row.get_way_display()),
        ListColumn("kind", _("Kind"), lambda row: row.get_kind_display()),
        ListColumn("group", _("Group of"), _group),
        ListColumn("state", _("State"), lambda row: row.get_state_display()),
        ListColumn("attempts", _("Attempts"), lambda row: row.attempts),
        ListColumn("changed_at", _("Last change"), lambda row: row.changed_at),
        ListColumn("error", _("Error"), lambda row: row.error),
    ),
)
