"""Reading staff: who holds which post, the staff roll, who is lent to whom; only where the viewer may see staff."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people.models import Employment, Income, Person, PostHolding, Secondment
from liuchi.ground.people.staffing import MANAGE, SEE, today
from liuchi.ground.territory.queries import in_force, territory

#: Nobody on the roll is to earn less in a year, in yuan (正向激励: 4 万元).
INCOME_FLOOR = Decimal(40_000)
#: Lent for longer than this is looked into (抽调人员清理).
LONGEST_SECONDMENT = timedelta(days=183)
#: A contract that ends within this time is shown as ending soon.
CONTRACT_SOON = timedelta(days=60)
PAGE = 50


@dataclass(frozen=True)
class Holder:
    """Who holds, or held, a post."""

    post_id: UUID
    person_id: UUID
    name: str
    valid_from: date
    valid_to: date | None
    document: str


@dataclass(frozen=True)
class StaffFilters:
    """What the roll is narrowed to; `seconded` is "out" for those lent, `after` the last row of the page before."""

    area_id: UUID | None = None
    organisation_id: UUID | None = None
    employer: str = ""
    post: str = ""
    seconded: str = ""
    words: str = ""
    after: UUID | None = None


@dataclass(frozen=True)
class StaffRow:
    """One row of the staff roll. `is_below_floor` is None for a viewer who may not know of incomes."""

    id: UUID
    person_id: UUID
    name: str
    organisation_id: UUID
    organisation: str
    employer: str
    posts: str
    valid_from: date
    contract_until: date | None
    seconded_to: str
    seconded_since: date | None
    is_overdue: bool
    is_below_floor: bool | None


@dataclass(frozen=True)
class StaffPage:
    """A page of the roll; `next_key` leads to the next one."""

    rows: Sequence[StaffRow]
    next_key: UUID | None


@dataclass(frozen=True)
class StaffFigures:
    """How many are on the roll on a day, and of how many communities; what is to be looked into."""

    communities: int
    staff: int
    by_employer: Mapping[str, int]
    lent: int
    lent_too_long: int
    lent_unapproved: int
    returned: int
    below_floor: int | None


def name_of(person: Person) -> str:
    """Return a person's name: that of the record kept, where this one was joined with another; "" once erased."""
    return (person.merged_into or person).name


def holders_of(viewer: Reader, organisation_ids: Collection[UUID], on: date | None = None) -> list[Holder]:
    """Return who holds the posts of organisations, or held them `on` a day, by post and since when."""
    moment = Q(valid_to=None) if on is None else in_force(on)
    rows = (
        PostHolding.objects.filter(moment, post__organisation_id__in=organisation_ids)
        .filter(is_one_of("post__organisation__area_id", viewer.areas(SEE)))
        .select_related("person__merged_into")
        .order_by("post_id", "valid_from", "id")
    )
    return [_holder(each) for each in rows]


def held_by(viewer: Reader, person_id: UUID) -> QuerySet[PostHolding]:
    """Return the posts that somebody holds and held, the present ones first."""
    return (
        PostHolding.objects.filter(Q(person_id=person_id) | Q(person__merged_into_id=person_id))
        .filter(is_one_of("post__organisation__area_id", viewer.areas(SEE)))
        .select_related("post__organisation")
        .order_by(F("valid_to").desc(nulls_first=True), "-valid_from", "id")
    )


def staff_roll(viewer: Reader, filters: StaffFilters, limit: int = 0) -> StaffPage:
    """Return a page of the staff roll, by organisation, of PAGE rows unless limited (two queries)."""
    limit = limit or PAGE
    rows = list(_roll(viewer, filters)[: limit + 1])
    shown = rows[:limit]
    return StaffPage(_told(shown), shown[-1].id if len(rows) > limit else None)


def all_staff(viewer: Reader, filters: StaffFilters) -> Iterator[StaffRow]:
    """Give every row of the roll, in the order of the pages."""
    yield from _told(list(_roll(viewer, filters)))


def staff_member(viewer: Reader, employment_id: UUID) -> Employment:
    """Return one employment, ended ones too, with person and organisation.

    Raises:
        NotFound: there is none that this viewer may see.
    """
    rows = Employment.objects.filter(id=employment_id).filter(_seen(viewer))
    found = rows.select_related("person__merged_into", "organisation__area").first()
    if found is None:
        raise NotFound(_("There is no such person on the roll."))
    return found


def incomes_of(viewer: Reader, employment_id: UUID) -> QuerySet[Income]:
    """Return what an employment paid, newest first, to whoever manages staff there; the caller notes the look."""
    rows = Income.objects.filter(employment_id=employment_id)
    return rows.filter(_seen(viewer, MANAGE, "employment__")).order_by("-as_of", "id")


def secondments_of(viewer: Reader, employment_id: UUID) -> QuerySet[Secondment]:
    """Return to whom somebody is and was lent, newest first."""
    rows = Secondment.objects.filter(employment_id=employment_id).filter(_seen(viewer, SEE, "employment__"))
    return rows.select_related("to_organisation").order_by("-since", "id")


def secondments(viewer: Reader, *, is_open: bool = True, area_id: UUID | None = None) -> QuerySet[Secondment]:
    """Return who is lent to whom, longest first; with `is_open` False those who returned, newest first."""
    rows = Secondment.objects.filter(_seen(viewer, SEE, "employment__"))
    if area_id is not None:
        rows = rows.filter(is_one_of("employment__organisation__area_id", territory().with_descendants(area_id)))
    rows = rows.select_related("employment__person__merged_into", "employment__organisation", "to_organisation")
    if is_open:
        return rows.filter(returned_on=None).order_by("since", "id")
    return rows.filter(returned_on__isnull=False).order_by("-returned_on", "id")


def is_lent_too_long(secondment: Secondment, on: date | None = None) -> bool:
    """Tell whether somebody is lent beyond the day they were to return, or for longer than is looked into."""
    if secondment.returned_on is not None:
        return False
    day = on or today()
    return (secondment.until is not None and day > secondment.until) or day - secondment.since > LONGEST_SECONDMENT


def staff_figures(viewer: Reader, on: date | None = None) -> StaffFigures:
    """Return the counts of the roll on a day, where the viewer may see staff (five queries)."""
    day = on or today()
    rows = Employment.objects.filter(in_force(day)).filter(_seen(viewer))
    by_employer = dict(rows.values_list("employer").annotate(n=Count("id")).order_by("employer"))
    communities = rows.filter(organisation__kind="community").values("organisation_id").distinct().count()
    lent = Secondment.objects.filter(_seen(viewer, SEE, "employment__"), since__lte=day)
    back = Q(returned_on__lte=day)
    counts = lent.aggregate(
        open=Count("id", filter=~back),
        late=Count("id", filter=~back & (Q(until__lt=day) | Q(since__lt=day - LONGEST_SECONDMENT))),
        unapproved=Count("id", filter=~back & Q(document="")),
        returned=Count("id", filter=back),
    )
    below = None
    if viewer.areas(MANAGE):
        paid = rows.filter(_seen(viewer, MANAGE)).annotate(yearly=_newest_income(day))
        below = paid.filter(yearly__lt=INCOME_FLOOR).count()
    return StaffFigures(
        communities=communities,
        staff=sum(by_employer.values()),
        by_employer=by_employer,
        lent=counts["open"],
        lent_too_long=counts["late"],
        lent_unapproved=counts["unapproved"],
        returned=counts["returned"],
        below_floor=below,
    )


def _holder(holding: PostHolding) -> Holder:
    person = holding.person.merged_into or holding.person
    return Holder(holding.post_id, person.id, person.name, holding.valid_from, holding.valid_to, holding.document)


def _seen(viewer: Reader, power: str = SEE, path: str = "") -> Q:
    return is_one_of(f"{path}organisation__area_id", viewer.areas(power))


def _newest_income(day: date) -> Subquery:
    newest = Income.objects.filter(employment_id=OuterRef("id"), as_of__lte=day).order_by("-as_of")
    return Subquery(newest.values("yearly")[:1])


def _roll(viewer: Reader, filters: StaffFilters) -> QuerySet[Employment]:
    lent = Secondment.objects.filter(employment_id=OuterRef("id"), returned_on=None)
    manages = is_one_of("organisation__area_id", viewer.areas(MANAGE))
    rows = (
        Employment.objects.filter(_seen(viewer), valid_to=None)
        .annotate(
            kept_name=Coalesce("person__merged_into__name", "person__name"),
            yearly=_newest_income(today()),
            lent_to=Subquery(lent.values("to_organisation__short_name")[:1]),
            lent_since=Subquery(lent.values("since")[:1]),
            lent_until=Subquery(lent.values("until")[:1]),
            is_managed=Exists(Employment.objects.filter(manages, id=OuterRef("id"))),
        )
        .select_related("organisation")
    )
    return _narrowed(rows, filters).order_by("organisation__code", "id")


def _narrowed(rows: QuerySet[Employment], filters: StaffFilters) -> QuerySet[Employment]:
    if filters.area_id is not None:
        rows = rows.filter(is_one_of("organisation__area_id", territory().with_descendants(filters.area_id)))
    if filters.organisation_id is not None:
        rows = rows.filter(organisation_id=filters.organisation_id)
    if filters.employer:
        rows = rows.filter(employer=filters.employer)
    if filters.seconded == "out":
        rows = rows.filter(Exists(Secondment.objects.filter(employment_id=OuterRef("id"), returned_on=None)))
    for word in filters.words.split():
        rows = rows.filter(Q(kept_name__icontains=word) | Q(organisation__name__icontains=word))
    if filters.post:
        held = PostHolding.objects.filter(
            person_id=OuterRef("person_id"), valid_to=None, post__organisation_id=OuterRef("organisation_id")
        )
        rows = rows.filter(Exists(held.filter(post__title__icontains=filters.post)))
    if filters.after is not None:
        last = Employment.objects.filter(id=filters.after).values_list("organisation__code", flat=True).first()
        if last is not None:
            rows = rows.filter(Q(organisation__code__gt=last) | Q(organisation__code=last, id__gt=filters.after))
    return rows


def _told(rows: Sequence[Employment]) -> list[StaffRow]:
    titles: dict[tuple[UUID, UUID], list[str]] = {}
    held = PostHolding.objects.filter(person_id__in=[each.person_id for each in rows], valid_to=None)
    for person, organisation, title in held.order_by("-post__is_head", "post__title").values_list(
        "person_id", "post__organisation_id", "post__title"
    ):
        titles.setdefault((person, organisation), []).append(title)
    return [_row(each, titles.get((each.person_id, each.organisation_id), [])) for each in rows]


def _row(employment: Employment, titles: Sequence[str]) -> StaffRow:
    since: date | None = employment.lent_since  # type: ignore[attr-defined]
    until: date | None = employment.lent_until  # type: ignore[attr-defined]
    yearly: Decimal | None = employment.yearly  # type: ignore[attr-defined]
    day = today()
    is_late = since is not None and ((until is not None and day > until) or day - since > LONGEST_SECONDMENT)
    return StaffRow(
        id=employment.id,
        person_id=employment.person_id,
        name=employment.kept_name,  # type: ignore[attr-defined]
        organisation_id=employment.organisation_id,
        organisation=employment.organisation.short_name,
        employer=employment.employer,
        posts="、".join(titles),
        valid_from=employment.valid_from,
        contract_until=employment.contract_until,
        seconded_to=employment.lent_to or "",  # type: ignore[attr-defined]
        seconded_since=since,
        is_overdue=is_late,
        is_below_floor=(yearly is not None and yearly < INCOME_FLOOR)
        if employment.is_managed  # type: ignore[attr-defined]
        else None,
    )
