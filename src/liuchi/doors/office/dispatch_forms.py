"""Dispatching: up to three units suggested, each with why; the others of the list of duties; any other unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.forms import LONGEST, MoveForm, offer
from liuchi.doors.ui.forms import PlainText
from liuchi.doors.ui.suggesting import item_of, units_for_dispatch, why_unit
from liuchi.engines.cases.queries import duties_for
from liuchi.engines.cases.secrecy import accused_units, left_out_units
from liuchi.engines.cases.suggesting.practice import SuggestedUnit
from liuchi.ground.organisations.models import DutyRole
from liuchi.ground.organisations.queries import DutyHolder, units


@dataclass(frozen=True)
class Offered:
    """A unit offered for dispatch, with what speaks for it; `reason` is what the unit reads of that."""

    value: str
    name: str
    role: str
    why: str
    reason: str
    is_chosen: bool
    is_cleared: bool = False


class DispatchForm(MoveForm):
    """Dispatching: a unit suggested or named by the list of duties, or any other, and why."""

    unit = forms.ChoiceField(label=gettext_lazy("Suggested units"), required=False, widget=forms.RadioSelect)
    other = forms.ChoiceField(label=gettext_lazy("Or another unit"), required=False)
    reason = PlainText(
        label=gettext_lazy("Why this unit"),
        required=False,
        longest=300,
        help_text=gettext_lazy(
            "Only for a unit that is not on the list above, or of which it was decided that the case is not its own."
        ),
        widget=forms.TextInput(),
    )
    support = forms.MultipleChoiceField(
        label=gettext_lazy("Units that help"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = PlainText(label=gettext_lazy("Instructions (internal)"), required=False, longest=LONGEST, rows=2)

    def prepare(self) -> None:
        """Offer the units suggested, the first chosen already where that is sure; the list's others; any other."""
        case = self.look.case
        self.cleared, kept_out = self.look.cleared(), accused_units(case)
        duties = duties_for(case)
        self.taken_back, self.left_out = duties.taken_back, left_out_units(case)
        fit = [holder for holder in duties.holders if holder.organisation.id not in kept_out]
        self.documents = list(dict.fromkeys(holder.document for holder in fit))
        self.holders = sorted(fit, key=lambda holder: holder.organisation.id in self.cleared)
        found = units_for_dispatch(self.look.viewer, case, duties, self.look.past)
        self.is_sure = bool(found) and found[0].is_sure
        if self.is_sure:
            self.fields["unit"].initial = str(found[0].unit.id)
        self._offer(found, kept_out)

    def _offer(self, found: Iterable[SuggestedUnit], kept_out: Iterable[UUID]) -> None:
        chosen = str(self["unit"].value() or "")
        self.offered = [self._suggested(each, chosen) for each in found]
        near = {each.value for each in self.offered}
        self.more = [each for each in map(self._listed, self.holders) if each.value not in near]
        known = {each.value: each for each in (*self.offered, *self.more)}
        elsewhere = {str(body.id): body.name for body in units() if body.id not in kept_out}
        if chosen in elsewhere and chosen not in known:
            self.more.append(Offered(chosen, elsewhere[chosen], "", "", "", is_chosen=True))
        self.more_is_open = not near or any(each.is_chosen for each in self.more)
        others = [(value, name) for value, name in elsewhere.items() if value not in known]
        # What was suggested a moment ago may be sent although something else is suggested now.
        offer(self, "unit", [(value, known[value].name) for value in known] + others)
        offer(self, "other", [("", _("None")), *others])
        offer(self, "support", [(str(each.organisation.id), each.organisation.name) for each in self.holders])
        self.reasons: Mapping[str, str] = {value: each.reason for value, each in known.items() if not each.is_cleared}

    def _suggested(self, found: SuggestedUnit, chosen: str) -> Offered:
        value, why = str(found.unit.id), why_unit(found, by_name=len(self.documents) > 1)
        role = str(DutyRole(found.duty.role).label) if found.duty else ""
        reason = _by_duty(found.duty) if found.duty else why
        return Offered(value, found.unit.name, role, why, reason, value == chosen)

    def _listed(self, holder: DutyHolder) -> Offered:
        value = str(holder.organisation.id)
        return Offered(
            value,
            holder.organisation.name,
            str(DutyRole(holder.role).label),
            " · ".join(each for each in (item_of(holder, by_name=len(self.documents) > 1), holder.note) if each),
            _by_duty(holder),
            value == str(self["unit"].value() or ""),
            holder.organisation.id in self.cleared,
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a unit, and for a reason where neither the list of duties nor what was done before gives one."""
        given = super().clean() or self.cleaned_data
        chosen = given.get("other") or given.get("unit")
        if not chosen and not self.errors:
            self.add_error("unit" if self.offered or self.more else "other", _("Choose a unit."))
        if chosen and not given.get("reason") and not self._reason(given):
            if UUID(chosen) in self.cleared:
                said = _("It was decided that this case is not this unit's own. Say why it is after all.")
            else:
                said = _("Say why this unit, since the list of duties does not name it.")
            self.add_error("reason", said)
        return given

    def _reason(self, given: Mapping[str, Any]) -> str:
        """Return what speaks for the unit chosen, so that nobody types it; nothing for one of "another unit"."""
        return "" if given.get("other") else self.reasons.get(given.get("unit", ""), "")

    def arguments(self) -> dict[str, Any]:
        """Return the unit and the duty it follows from."""
        given = self.cleaned_data
        chosen = given["other"] or given["unit"]
        return {
            "version": given["version"],
            "unit_id": UUID(chosen),
            "support": [UUID(each) for each in given["support"] if each != chosen],
            "reason": (self._reason(given) or given["reason"])[:300],
            "text": given["text"],
        }


def _by_duty(holder: DutyHolder) -> str:
    return f"{holder.document} {holder.note}".strip()
