"""Reading one post: who holds and held it, who of the house could take it, and what hangs on its holder."""

from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.models import Post
from liuchi.ground.people.entries import draft_of, known_among
from liuchi.ground.people.models import CareStatus, Employment, Person, PostHolding
from liuchi.ground.people.queries import ids_of
from liuchi.ground.people.staff import name_of
from liuchi.ground.people.staffing import MANAGE, SEE, Meant, today


def staff_post(viewer: Reader, post_id: UUID) -> Post:
    """Return a post with its organisation, closed ones too.

    Raises:
        NotFound: there is none in an organisation whose staff this viewer may see.
    """
    rows = Post.objects.filter(is_one_of("organisation__area_id", viewer.areas(SEE)), id=post_id)
    found = rows.select_related("organisation__area", "area").first()
    if found is None:
        raise NotFound(_("There is no such post."))
    return found


def everybody_in_post(viewer: Reader, post_id: UUID) -> QuerySet[PostHolding]:
    """Return who holds a post and who held it, the present ones first, then the newest."""
    rows = PostHolding.objects.filter(is_one_of("post__organisation__area_id", viewer.areas(SEE)), post_id=post_id)
    rows = rows.select_related("person__merged_into", "post__organisation")
    return rows.order_by(F("valid_to").desc(nulls_first=True), "-valid_from", "id")


def open_holding(viewer: Reader, holding_id: UUID) -> PostHolding:
    """Return a holding in force.

    Raises:
        NotFound: there is none among the staff this viewer may see, or it has ended.
    """
    rows = PostHolding.objects.filter(is_one_of("post__organisation__area_id", viewer.areas(SEE)), id=holding_id)
    found = rows.filter(valid_to=None).select_related("person__merged_into", "post__organisation__area").first()
    if found is None:
        raise NotFound(_("This person does not hold the post (any more)."))
    return found


def colleagues(viewer: Reader, post: Post) -> list[tuple[UUID, str]]:
    """Return who is on the roll of a post's organisation and does not hold the post: person and name, by name."""
    holding = PostHolding.objects.filter(post=post, valid_to=None).values("person_id")
    rows = Employment.objects.filter(organisation_id=post.organisation_id, valid_to=None).exclude(person_id__in=holding)
    rows = rows.filter(is_one_of("organisation__area_id", viewer.areas(SEE)), person__death_on=None)
    found = rows.select_related("person__merged_into").order_by("person__name_order", "id")
    return [(each.person_id, name_of(each.person)) for each in found]


def who_is_meant(meant: Meant) -> Person | None:
    """Return the person known here whom a form means, without changing anything; None for somebody new."""
    if meant.person_id is not None:
        row = Person.objects.select_related("merged_into").filter(id=meant.person_id).first()
        return (row.merged_into or row) if row is not None else None
    if meant.entry is None:
        return None
    draft = draft_of(meant.entry, today())
    return known_among([draft], lock=False).match(draft).person


def is_on_roll(viewer: Reader, person_id: UUID, organisation_id: UUID) -> bool:
    """Tell whether somebody is on the roll of an organisation whose staff the viewer manages."""
    rows = Employment.objects.filter(is_one_of("organisation__area_id", viewer.areas(MANAGE)))
    return rows.filter(person_id__in=ids_of(person_id), organisation_id=organisation_id, valid_to=None).exists()


def cared_for_by(viewer: Reader, holding: PostHolding) -> int:
    """Return for how many entries of the care register the holder of a post answers today.

    Only the number, and only to whoever manages the staff there: who they are is for those who may see people.
    """
    if holding.post.organisation.area_id not in viewer.areas(MANAGE):
        return 0
    day = today()
    rows = CareStatus.objects.filter(responsible_id__in=ids_of(holding.person_id))
    return rows.filter(valid_from__lte=day, valid_to__gt=day).count()
