"""Putting somebody on the roll of an organisation, with a post in it where one is free."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.choosing import DayField
from liuchi.doors.office.staff.forms import document_field
from liuchi.doors.office.staff.who import WhoForm
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.queries import posts_of
from liuchi.ground.people.actions.staff import employ_person
from liuchi.ground.people.models import EmployerType
from liuchi.ground.people.staffing import today


class EmployForm(WhoForm):
    """Who, on what terms, since when; a post only where the organisation has a free one."""

    employer = forms.ChoiceField(
        label=gettext_lazy("Terms"), error_messages={"required": gettext_lazy("Choose on what terms they work here.")}
    )
    on = DayField(label=gettext_lazy("Since"), initial=today)
    contract_until = DayField(
        label=gettext_lazy("Contract until"), required=False, help_text=gettext_lazy("Empty when it has no end.")
    )
    post = forms.ChoiceField(label=gettext_lazy("Post"), required=False)
    document = document_field()
    field_order = (*WhoForm.WHO, "employer", "on", "contract_until", "post", "document")

    def __init__(self, *args: Any, body: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body
        self.fields["employer"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose the terms")),
            *EmployerType.choices,
        ]
        held = Count("holdings", filter=Q(holdings__valid_to=None))
        free = [
            (str(each.id), each.title) for each in posts_of(body.id).annotate(held=held).filter(held__lt=F("seats"))
        ]
        if free:
            self.fields["post"].choices = [("", _("none")), *free]  # type: ignore[attr-defined]
        else:
            del self.fields["post"]

    def act(self, by: Actor) -> str:
        """Put them on the roll, and go to their page."""
        given = self.cleaned_data
        row = employ_person(
            by=by,
            organisation_id=self.body.id,
            person=self.meant(),
            employer=given["employer"],
            on=given["on"],
            contract_until=given["contract_until"],
            by_document=given["document"],
            post_id=UUID(given["post"]) if given.get("post") else None,
        )
        return reverse("staff-member", args=[row.id])
