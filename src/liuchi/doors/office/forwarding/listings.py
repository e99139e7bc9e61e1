"""Cases given to other cities, as the list may be taken out of the house."""

from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.listings import ListColumn, Listing

FORWARDED = Listing(
    "forwarding.forwarded",
    _("Cases given to other cities"),
    (
        ListColumn("number", _("Case number"), lambda row: row.case.number),
        ListColumn("city", _("City"), lambda row: row.endpoint.name),
        ListColumn("service", _("Service there"), lambda row: row.service),
        ListColumn("state", _("State"), lambda row: row.get_state_display()),
        ListColumn("request", _("Number there"), lambda row: row.request_id),
        ListColumn("remote", _("Status there"), lambda row: row.remote),
        ListColumn("attempts", _("Attempts"), lambda row: row.attempts),
        ListColumn("error", _("Error"), lambda row: row.error),
        ListColumn("changed_at", _("Last change"), lambda row: row.changed_at),
    ),
)
