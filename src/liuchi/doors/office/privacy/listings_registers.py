"""The registers as lists: what a row shows on its page, in the list and in a file. None holds personal data."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.records.declared import declared
from liuchi.ground.records.models import Breach, Told


def titles_of(types: Sequence[str]) -> str:
    """Return record types in words."""
    known = declared()
    return _t(", ").join(str(known[name].title) if name in known else name for name in types)


def _told(row: Breach, whom: str) -> datetime | None:
    """Return when somebody was told first; the tellings are there already."""
    moments = [each.told_at for each in row.tellings.all() if each.whom == whom]
    return min(moments) if moments else None


SHARING = Listing(
    "records.sharing",
    _("Who gets personal data"),
    (
        ListColumn("name", _("Who gets it"), lambda row: row.name),
        ListColumn("kind", _("In what capacity"), lambda row: row.get_kind_display()),
        ListColumn("types", _("Which records"), lambda row: titles_of(row.types)),
        ListColumn("purpose", _("What for"), lambda row: row.purpose),
        ListColumn("basis", _("It rests on"), lambda row: row.get_basis_display()),
        ListColumn("document", _("Which contract, article or consent"), lambda row: row.document),
        ListColumn("contact", _("How to reach them"), lambda row: row.contact),
        ListColumn("measures", _("Measures of protection agreed"), lambda row: row.measures),
        ListColumn("since", _("Since"), lambda row: row.since),
        ListColumn("until", _("Runs out on"), lambda row: row.until),
        ListColumn("ended_on", _("Ended on"), lambda row: row.ended_on),
        ListColumn("ended_how", _("Why, and what became of the data"), lambda row: row.ended_how),
    ),
)
BREACHES = Listing(
    "records.breaches",
    _("Breaches of personal data"),
    (
        ListColumn("title", _("In a few words"), lambda row: row.title),
        ListColumn("kind", _("What happened to the data"), lambda row: row.get_kind_display()),
        ListColumn("types", _("Which records"), lambda row: titles_of(row.types)),
        ListColumn("found_at", _("Found at"), lambda row: row.found_at),
        ListColumn("due_at", _("Authority to be told by"), lambda row: row.due_at),
        ListColumn("authority", _("Authority told at"), lambda row: _told(row, Told.AUTHORITY)),
        ListColumn("people_told", _("People told at"), lambda row: _told(row, Told.PEOPLE)),
        ListColumn("records", _("Records touched"), lambda row: row.records),
        ListColumn("people", _("People touched"), lambda row: row.people),
        ListColumn("words", _("What happened, and why as far as known"), lambda row: row.words),
        ListColumn("harm", _("What harm may come of it"), lambda row: row.harm),
        ListColumn("measures", _("What was done"), lambda row: row.measures),
        ListColumn("untold_because", _("Why the people were not told"), lambda row: row.untold_because),
        ListColumn("ended_at", _("Closed at"), lambda row: row.ended_at),
    ),
)
ASSESSMENTS = Listing(
    "records.assessments",
    _("Impact assessments"),
    (
        ListColumn("title", _("What is to be done with personal data"), lambda row: row.title),
        ListColumn("trigger", _("Why an assessment is needed (PIPL art. 55)"), lambda row: row.get_trigger_display()),
        ListColumn("types", _("Which records"), lambda row: titles_of(row.types)),
        ListColumn("outcome", _("Outcome"), lambda row: row.get_outcome_display()),
        ListColumn("made_on", _("Made on"), lambda row: row.made_on),
        ListColumn("review_on", _("To be looked at again on"), lambda row: row.review_on),
        ListColumn("necessity", _("Need"), lambda row: row.necessity),
        ListColumn("risks", _("Risks"), lambda row: row.risks),
        ListColumn("measures", _("Measures"), lambda row: row.measures),
        ListColumn("ended_on", _("Ended on"), lambda row: row.ended_on),
        ListColumn("ended_how", _("Why it counts no longer"), lambda row: row.ended_how),
    ),
)
