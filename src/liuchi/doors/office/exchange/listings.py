"""The list of exports, as it may itself be taken out."""

from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.exchange.purposes import purpose_words

EXPORTS = Listing(
    "exchange.exports",
    _("Lists taken out"),
    (
        ListColumn("number", _("Export number"), lambda row: row.number),
        ListColumn("made_at", _("When"), lambda row: row.made_at),
        ListColumn("actor", _("Account"), lambda row: str(row.actor_id or row.actor_name)),
        ListColumn("listing", _("List"), lambda row: row.listing),
        ListColumn("rows", _("Rows"), lambda row: row.rows),
        ListColumn("format", _("Format"), lambda row: row.fmt),
        ListColumn("personal", _("Personal"), lambda row: row.is_personal),
        ListColumn("purpose", _("What for?"), lambda row: purpose_words(row.purpose)),
    ),
)
