"""Taking, leaving and handing over a post; a hand-over says beforehand what passes to the successor."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liuchi.doors.office.choosing import DayField
from liuchi.doors.office.staff.forms import document_field
from liuchi.doors.office.staff.who import WhoForm
from liuchi.doors.office.stepping import Effect, StepForm
from liuchi.engines.cases.queries import open_at_unit
from liuchi.ground.access.queries_posts import GrantOfPost, Passing, grants_of_post
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.models import Post
from liuchi.ground.organisations.queries import going_along
from liuchi.ground.people.actions.posts import hand_over_post, leave_post, take_post
from liuchi.ground.people.models import PostHolding
from liuchi.ground.people.posting import cared_for_by, is_on_roll, who_is_meant
from liuchi.ground.people.staff import name_of
from liuchi.ground.people.staffing import today


class TakeForm(WhoForm):
    """Somebody takes a free seat of a post."""

    on = DayField(label=gettext_lazy("Counts from"), initial=today)
    document = document_field()
    field_order = (*WhoForm.WHO, "on", "document")

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post

    def act(self, by: Actor) -> None:
        """Let them hold it."""
        given = self.cleaned_data
        take_post(by=by, post_id=self.post.id, person=self.meant(), on=given["on"], by_document=given["document"])


class HandOverForm(WhoForm):
    """A successor takes the post from whoever holds it."""

    has_preview = True
    on = DayField(label=gettext_lazy("Counts from"), initial=today)
    document = document_field()
    field_order = (*WhoForm.WHO, "on", "document")

    def __init__(self, *args: Any, holding: PostHolding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holding = holding

    def effects(self, viewer: Viewer) -> list[Effect]:
        """Show who holds it, each grant that comes with it, the work of its organisation, what stays behind."""
        meant = who_is_meant(self.meant())
        before, after = name_of(self.holding.person), self.said()
        found = grants_of_post(viewer, self.holding.post, self.holding.person_id, meant.id if meant else None)
        effects = [Effect(_("Holds the post"), before, after)]
        effects += [Effect(f"{each.role} · {each.area}", before, _becomes(each, after)) for each in found]
        if not found:
            effects.append(Effect(_("Grants that come with the post"), _("none"), _("none")))
        effects += self._work(viewer, before, after)
        body = self.holding.post.organisation
        if meant is None or not is_on_roll(viewer, meant.id, body.id):
            effects.append(Effect(_("On the roll"), "", _("not here: add them to the roll as well")))
        return effects

    def act(self, by: Actor) -> None:
        """Hand it over."""
        given, holding = self.cleaned_data, self.holding
        hand_over_post(
            by=by,
            post_id=holding.post_id,
            from_person_id=holding.person_id,
            to=self.meant(),
            on=given["on"],
            by_document=given["document"],
        )

    def _work(self, viewer: Viewer, before: str, after: str) -> list[Effect]:
        post = self.holding.post
        rows: list[Effect] = []
        if cases := open_at_unit(viewer, post.organisation):
            label = ngettext("%(n)d open case here", "%(n)d open cases here", cases) % {"n": cases}
            rows.append(Effect(label, before, after))
        if duties := going_along([post.organisation_id]).duties:
            label = ngettext("%(n)d duty in the lists", "%(n)d duties in the lists", duties) % {"n": duties}
            rows.append(Effect(label, before, after))
        if post.duties:
            rows.append(Effect(_("Duties of the post"), post.duties, post.duties))
        if cared := cared_for_by(viewer, self.holding):
            label = ngettext("%(n)d entry of the care register", "%(n)d entries of the care register", cared)
            rows.append(
                Effect(label % {"n": cared}, before, _("stays with %(name)s: name somebody") % {"name": before})
            )
        return rows


class LeaveForm(StepForm):
    """Whoever holds the post leaves it; its seat is free."""

    on = DayField(label=gettext_lazy("Counts from"), initial=today)
    document = document_field()

    def __init__(self, *args: Any, holding: PostHolding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holding = holding

    def act(self, by: Actor) -> None:
        """Let them leave it."""
        given, holding = self.cleaned_data, self.holding
        leave_post(
            by=by,
            post_id=holding.post_id,
            person_id=holding.person_id,
            on=given["on"],
            by_document=given["document"],
        )


def _becomes(grant: GrantOfPost, successor: str) -> str:
    return {
        Passing.PASSES: successor,
        Passing.NO_ACCOUNT: _("ends: %(name)s has no account yet") % {"name": successor},
        Passing.BY_HAND: _("ends: an administrator's role is given by hand"),
    }[grant.passing]
