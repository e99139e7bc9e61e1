"""Forms for merging, splitting and ending an organisation, with what goes along told beforehand."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liuchi.doors.office.choosing import OrganisationField
from liuchi.doors.office.organisations.forms import DatedForm
from liuchi.doors.office.stepping import Effect
from liuchi.doors.ui.forms import PlainText
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.actions.succession import end_organisation, merge_organisations, split_organisation
from liuchi.ground.organisations.handing_down import Successor
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.queries import going_along


def _along(bodies: list[Organisation], heir: str) -> list[Effect]:
    """Tell what stands with organisations that end, and where it goes."""
    counts = going_along([each.id for each in bodies])
    told = [
        (_("Posts"), ngettext("%(n)d post", "%(n)d posts", counts.posts) % {"n": counts.posts}, counts.posts),
        (_("Venues"), ngettext("%(n)d venue", "%(n)d venues", counts.venues) % {"n": counts.venues}, counts.venues),
        (
            _("Organisations below"),
            ngettext("%(n)d organisation", "%(n)d organisations", counts.below) % {"n": counts.below},
            counts.below,
        ),
        (_("Duties"), ngettext("%(n)d duty", "%(n)d duties", counts.duties) % {"n": counts.duties}, counts.duties),
    ]
    return [Effect(label, words, heir) for label, words, count in told if count]


class MergeForm(DatedForm):
    """This organisation, perhaps with others, goes on in another: one that exists, or a new one."""

    others = PlainText(
        label=gettext_lazy("Merged together with"),
        required=False,
        rows=2,
        help_text=gettext_lazy("Names or codes of other organisations that end with it, one a line"),
    )
    into = OrganisationField(label=gettext_lazy("Goes on in (existing)"), required=False)
    name = PlainText(label=gettext_lazy("Or in a new one of this name"), required=False, longest=60)
    short_name = PlainText(label=gettext_lazy("Short name of the new one"), required=False, longest=20)
    field_order = ("others", "into", "name", "short_name", "on", "document")

    def clean_others(self) -> list[Organisation]:
        """Return the organisations named, one a line."""
        field = OrganisationField()
        found = []
        for line in self.cleaned_data["others"].splitlines():
            if line.strip():
                try:
                    found.append(field.clean(line))
                except ValidationError as error:
                    message = f"{line.strip()}: {' '.join(error.messages)}"
                    raise ValidationError(message) from error
        return found

    def effects(self) -> list[Effect]:
        """Tell who ends, in whom, and what goes along."""
        heir = self.cleaned_data["into"].name if self.cleaned_data["into"] else self.cleaned_data["name"]
        ending = [self.body, *self.cleaned_data["others"]]
        ends = [Effect(_("Ends"), each.name, heir) for each in ending]
        return [*ends, *_along(ending, heir)]

    def act(self, by: Actor) -> Organisation:
        """Merge them."""
        given = self.cleaned_data
        into, name = given["into"], given["name"]
        return merge_organisations(
            by=by,
            organisation_ids=[self.body.id, *(each.id for each in given["others"])],
            into_id=into.id if into else None,
            new=Successor(name, given["short_name"]) if name else None,
            on=given["on"],
            document=given["document"],
        )


class SplitForm(DatedForm):
    """This organisation is split into new ones, or one is split off and it goes on."""

    names = PlainText(
        label=gettext_lazy("New organisations"),
        rows=3,
        help_text=gettext_lazy("One name a line; the first takes over posts, venues and what stands below."),
    )
    continues = forms.BooleanField(label=gettext_lazy("It goes on; they are split off"), required=False)
    field_order = ("names", "continues", "on", "document")

    def clean_names(self) -> list[str]:
        """Return the names, one a line."""
        return [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]

    def effects(self) -> list[Effect]:
        """Tell who comes into being, and what goes to the first."""
        names: list[str] = self.cleaned_data["names"]
        new = [Effect(_("New"), "", name) for name in names]
        if self.cleaned_data["continues"]:
            return [*new, Effect(_("Goes on"), self.body.name, self.body.name)]
        return [*new, Effect(_("Ends"), self.body.name, names[0]), *_along([self.body], names[0])]

    def act(self, by: Actor) -> Organisation:
        """Split it, and go on with the first that came into being."""
        given = self.cleaned_data
        made = split_organisation(
            by=by,
            organisation_id=self.body.id,
            into=[Successor(name) for name in given["names"]],
            on=given["on"],
            document=given["document"],
            continues=given["continues"],
        )
        return self.body if given["continues"] else made[0]


class EndForm(DatedForm):
    """This organisation ends, and nobody follows."""

    def effects(self) -> list[Effect]:
        """Tell what ends with it."""
        return [Effect(_("Ends"), self.body.name, ""), *_along([self.body], str(_("end with it")))]

    def act(self, by: Actor) -> Organisation:
        """End it."""
        given: dict[str, Any] = self.cleaned_data
        return end_organisation(by=by, organisation_id=self.body.id, on=given["on"], document=given["document"])
