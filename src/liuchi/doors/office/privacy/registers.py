"""The three registers as the pages show them: one description each, from which list, entry and forms are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.doors.office.privacy.forms_registers import (
    AssessmentForm,
    BreachForm,
    CloseForm,
    EndForm,
    SharingForm,
    TellForm,
    WeighForm,
)
from liuchi.doors.office.privacy.listings_registers import ASSESSMENTS, BREACHES, SHARING
from liuchi.doors.ui.forms import HouseForm
from liuchi.ground.exchange.listings import Listing
from liuchi.ground.kernel import clock
from liuchi.ground.records.actions.breaches import close_breach, note_breach, note_told, weigh_breach
from liuchi.ground.records.actions.registers import add_assessment, add_sharing, end_assessment, end_sharing
from liuchi.ground.records.entries import today
from liuchi.ground.records.models import Assessment, Breach, Sharing, Told
from liuchi.ground.records.queries_registers import RegisterPage, assessments, breaches, sharings

#: A mark on an entry: its class and its words.
Mark = tuple[str, Promise]


@dataclass(frozen=True)
class Move:
    """What may be done with an open entry: its form, what it does, its words."""

    form: type[HouseForm]
    act: Callable[..., None]
    title: Promise
    button: Promise


@dataclass(frozen=True)
class Register:
    """A register: its name in addresses, model, listing, how many of its columns a list shows, and its words."""

    name: str
    model: type[Any]
    listing: Listing
    columns: int
    rows: Callable[..., RegisterPage]
    form: type[Any]
    add: Callable[..., Any]
    new: Promise
    about: Promise
    is_empty: Promise
    ended: Promise
    moves: Mapping[str, Move]
    mark: Callable[[Any], Mark | None]

    @property
    def page(self) -> str:
        """Return the name of its list's address."""
        return f"privacy-{self.name}"


def _sharing_mark(row: Sharing) -> Mark | None:
    return ("late", _("has run out")) if _is_past(row.until) and row.ended_on is None else None


def _breach_mark(row: Breach) -> Mark | None:
    told: list[datetime] = [each.told_at for each in row.tellings.all() if each.whom == Told.AUTHORITY]
    if told:
        return ("late", _("authority told late")) if min(told) > row.due_at else ("good", _("authority told"))
    return ("late", _("overdue: tell the authority")) if row.due_at < clock.now() else ("soon", _("tell the authority"))


def _assessment_mark(row: Assessment) -> Mark | None:
    return ("soon", _("look at it again")) if _is_past(row.review_on) and row.ended_on is None else None


def _is_past(day: date | None) -> bool:
    return day is not None and day < today()


_END: Final = _("End this entry")
REGISTERS: Final[Mapping[str, Register]] = {
    each.name: each
    for each in (
        Register(
            name="sharing",
            model=Sharing,
            listing=SHARING,
            columns=5,
            rows=sharings,
            form=SharingForm,
            add=add_sharing,
            new=_("Enter who gets data"),
            about=_(
                "Everybody outside who gets personal data: who handles it for us, who gets it for duties of their own,"
                " who decides with us. The inventory and what people are told about their data name them."
            ),
            is_empty=_("Nobody outside gets personal data"),
            ended=_("Ended entries"),
            moves={"end": Move(EndForm, end_sharing, _END, _END)},
            mark=_sharing_mark,
        ),
        Register(
            name="breaches",
            model=Breach,
            listing=BREACHES,
            columns=5,
            rows=breaches,
            form=BreachForm,
            add=note_breach,
            new=_("Note a breach"),
            about=_(
                "Personal data leaked, tampered with or lost, or possibly so. Noting one alarms whoever watches over"
                " access and personal data; the clock to tell the authority runs from when it was found."
            ),
            is_empty=_("No breach is open"),
            ended=_("Closed breaches"),
            moves={
                "weigh": Move(WeighForm, weigh_breach, _("How many it touches"), _("Write down")),
                "tell": Move(TellForm, note_told, _("Who was told"), _("Write down")),
                "close": Move(CloseForm, close_breach, _("Close the breach"), _("Close the breach")),
            },
            mark=_breach_mark,
        ),
        Register(
            name="assessments",
            model=Assessment,
            listing=ASSESSMENTS,
            columns=5,
            rows=assessments,
            form=AssessmentForm,
            add=add_assessment,
            new=_("Enter an assessment"),
            about=_(
                "Made before sensitive data is handled, before a machine decides, before data goes to others, is"
                " published or leaves the country. Kept for at least three years."
            ),
            is_empty=_("No assessment counts at present"),
            ended=_("Earlier ones"),
            moves={"end": Move(EndForm, end_assessment, _END, _END)},
            mark=_assessment_mark,
        ),
    )
}
