"""The changes that an organisation's page offers, in the order in which it offers them."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from liuchi.doors.office.organisations.forms import Act, DescriptionForm, ParentsForm, RenameForm, ServedForm
from liuchi.doors.office.organisations.place_forms import OpenPostForm, OpenVenueForm
from liuchi.doors.office.organisations.succession_forms import EndForm, MergeForm, SplitForm

_ACTS = (
    Act("rename", gettext_lazy("Rename"), RenameForm, gettext_lazy("Renamed")),
    Act("move", gettext_lazy("Put below others"), ParentsForm, gettext_lazy("Moved")),
    Act("describe", gettext_lazy("Codes and contact"), DescriptionForm, gettext_lazy("Noted")),
    Act("serve", gettext_lazy("Areas it serves"), ServedForm, gettext_lazy("Noted")),
    Act("post", gettext_lazy("Open a post"), OpenPostForm, gettext_lazy("Post opened")),
    Act("venue", gettext_lazy("Open a venue"), OpenVenueForm, gettext_lazy("Venue opened")),
    Act("merge", gettext_lazy("Merge into another"), MergeForm, gettext_lazy("Merged")),
    Act("split", gettext_lazy("Split"), SplitForm, gettext_lazy("Split")),
    Act("end", pgettext_lazy("organisation", "End"), EndForm, gettext_lazy("Ended")),
)
ACTS = {act.name: act for act in _ACTS}
#: Changes that end something; their buttons look different.
ENDING = frozenset({"merge", "split", "end"})
