"""The inventory of personal data, made from what every room declares: as rows, as CSV and as a table in Markdown."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liuchi.ground.records.declared import RecordType, Sensitivity, Then, declared
from liuchi.ground.records.words import BASES, FIELD_KINDS, SENSITIVITIES, THENS


@dataclass(frozen=True)
class Entry:
    """One record type as people read it; `recipients` and `is_unassessed` are what the place's registers say."""

    name: str
    title: str
    purpose: str
    basis: str
    sensitivity: str
    is_sensitive: bool
    fields: str
    sealed: str
    retention: str
    is_to_confirm: bool
    recipients: str = ""
    is_unassessed: bool = False


def inventory(periods: Mapping[str, int] | None = None) -> list[Entry]:
    """Return every record type with personal data, in the language in force, sorted by name (PIPL art. 17, 51).

    `periods` are days that the place has set instead of the declared ones, by the type's name.
    """
    return [_entry(each, (periods or {}).get(each.name)) for each in declared().values()]


def inventory_csv(entries: list[Entry]) -> str:
    """Return the inventory as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([str(heading) for heading in _headings()])
    writer.writerows(_cells(entry) for entry in entries)
    return out.getvalue()


def inventory_markdown(entries: list[Entry]) -> str:
    """Return the inventory as a table in Markdown."""
    headings = _headings()
    lines = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    lines += ["| " + " | ".join(cell.replace("|", "/") for cell in _cells(entry)) + " |" for entry in entries]
    return "\n".join(lines) + "\n"


def days_text(days: int) -> str:
    """Return a period in words: whole years where it is some."""
    years = round(days / 365.25)
    if years and abs(days - years * 365.25) <= 2:
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def retention_text(record_type: RecordType, days: int | None = None) -> str:
    """Return how long rows of a type are kept, after what, and what happens then."""
    rule = record_type.retention
    days = rule.days if days is None else days
    if days is None or rule.then == Then.KEEP:
        if rule.then != Then.KEEP:
            return f"{rule.after}"
        return _("%(what)s: %(why)s") % {"what": THENS[Then.KEEP], "why": rule.rule or rule.after}
    if days == 0:
        return _("%(then)s as soon as %(event)s") % {"event": rule.after, "then": THENS[rule.then]}
    return _("%(days)s after %(event)s, then %(then)s") % {
        "days": days_text(days),
        "event": rule.after,
        "then": THENS[rule.then],
    }


def _entry(record_type: RecordType, days: int | None) -> Entry:
    sealed = {each.column for each in record_type.sealed}
    kinds = {FIELD_KINDS[each.kind]: None for each in record_type.fields}
    hidden = {FIELD_KINDS[each.kind]: None for each in record_type.fields if each.name in sealed}
    return Entry(
        name=record_type.name,
        title=str(record_type.title),
        purpose=str(record_type.purpose),
        basis=_("%(what)s: %(why)s") % {"what": BASES[record_type.basis], "why": record_type.basis_text},
        sensitivity=str(SENSITIVITIES[record_type.sensitivity]),
        is_sensitive=record_type.sensitivity == Sensitivity.SENSITIVE,
        fields=_(", ").join(map(str, kinds)),
        sealed=_(", ").join(map(str, hidden)),
        retention=retention_text(record_type, days),
        is_to_confirm=record_type.retention.is_to_confirm and days is None,
    )


def _headings() -> list[str]:
    return [
        _("Records"),
        _("What for"),
        _("Legal basis"),
        _("Sensitivity"),
        _("What they say"),
        _("Of it sealed"),
        _("How long"),
        _("To confirm with the archives"),
    ]


def _cells(entry: Entry) -> list[str]:
    return [
        f"{entry.title} ({entry.name})",
        entry.purpose,
        entry.basis,
        entry.sensitivity,
        entry.fields,
        entry.sealed,
        entry.retention,
        _("yes") if entry.is_to_confirm else "",
    ]
