"""Who reported a case, masked; plain only for somebody who said what for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from liuchi.doors.ui.files import ShownFile
from liuchi.engines.cases.models import Report
from liuchi.ground.records import protected


@dataclass(frozen=True)
class Reporter:
    """One report with its words, and how to reach who made it."""

    report_id: UUID
    text: str
    name: str
    phone: str
    has_contact: bool
    is_erased: bool
    channel: str
    received_at: datetime
    files: Sequence[ShownFile] = ()
    is_joined: bool = False
    is_withdrawn: bool = False


def reporters_of(
    reports: Iterable[Report], *, plain: bool = False, files: Mapping[UUID, Sequence[ShownFile]] | None = None
) -> list[Reporter]:
    """Return reports with name and phone masked, or as they are when `plain`, and the files of each."""
    shown = files or {}
    return [replace(_reporter(report, plain=plain), files=shown.get(report.id, ())) for report in reports]


def _reporter(report: Report, *, plain: bool) -> Reporter:
    name = protected.unseal(report.name_sealed, protected.NAME, report.id)
    phone = protected.unseal(report.phone_sealed, protected.PHONE, report.id)
    return Reporter(
        report_id=report.id,
        text=report.text,
        name=name if plain else protected.mask_name(name),
        phone=phone if plain else protected.mask_phone(phone),
        has_contact=bool(name or phone),
        is_erased=report.erased_at is not None,
        channel=str(report.get_channel_display()),
        received_at=report.received_at,
        is_joined=report.is_joined,
        is_withdrawn=report.withdrawn_at is not None,
    )
