"""The lists of this section as they may be taken out of the house; none holds personal data."""

from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.listings import ListColumn, Listing

INVENTORY = Listing(
    "records.inventory",
    _("Inventory of personal data"),
    (
        ListColumn("name", _("Code"), lambda entry: entry.name),
        ListColumn("title", _("Records"), lambda entry: entry.title),
        ListColumn("purpose", _("What for"), lambda entry: entry.purpose),
        ListColumn("basis", _("Legal basis"), lambda entry: entry.basis),
        ListColumn("sensitivity", _("Sensitivity"), lambda entry: entry.sensitivity),
        ListColumn("fields", _("What they say"), lambda entry: entry.fields),
        ListColumn("sealed", _("Of it sealed"), lambda entry: entry.sealed),
        ListColumn("retention", _("How long"), lambda entry: entry.retention),
        ListColumn("recipients", _("Who gets it"), lambda entry: entry.recipients),
        ListColumn("is_unassessed", _("Assessment missing"), lambda entry: entry.is_unassessed),
        ListColumn("is_to_confirm", _("To confirm with the archives"), lambda entry: entry.is_to_confirm),
    ),
)
REQUESTS = Listing(
    "records.requests",
    _("Requests about one's own data"),
    (
        ListColumn("number", _("Number"), lambda each: each.number),
        ListColumn("kind", _("What is asked for"), lambda each: each.get_kind_display()),
        ListColumn("way", _("How it came"), lambda each: each.get_way_display()),
        ListColumn("state", _("State"), lambda each: each.get_state_display()),
        ListColumn("received_at", _("Received"), lambda each: each.received_at),
        ListColumn("due_at", _("Due"), lambda each: each.due_at),
        ListColumn("ended_at", _("Answered on"), lambda each: each.ended_at),
    ),
)
RUN = Listing(
    "records.retention_run",
    _("What was put away"),
    (
        ListColumn("type", _("Records"), lambda row: row.title),
        ListColumn("days", _("Kept for days"), lambda row: row.count.days),
        ListColumn("total", _("In all"), lambda row: row.count.total),
        ListColumn("due", _("Time is over"), lambda row: row.count.due),
        ListColumn("done", _("Put away"), lambda row: row.count.done),
        ListColumn("held", _("Held back"), lambda row: row.count.held),
        ListColumn("blocked", _("Needed by other records"), lambda row: row.count.blocked),
        ListColumn("why", _("Why the rest is kept"), lambda row: row.why),
    ),
)
