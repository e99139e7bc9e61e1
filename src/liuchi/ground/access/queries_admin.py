"""What the three administrators look at: accounts, grants, roles, keys, broken glass."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from liuchi.ground.access.models import Account, ApiKey, BreakGlass, Grant, Role, RoleChange
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.people.models import PostHolding
from liuchi.ground.territory.queries import today

PAGE: Final = 50
#: A grant that ends within this time is said to end soon.
SOON: Final = timedelta(days=30)
ACCOUNTS, GRANTS, KEYS, AUDIT = "access.accounts", "access.grants", "access.keys", "access.audit"
#: Who may look at accounts and what they hold: each administrator for their own part of the work.
LOOK: Final = (ACCOUNTS, GRANTS, AUDIT)


@dataclass(frozen=True)
class AccountPage:
    """A page of accounts by user name, and the name after which the next begins ("" at the end)."""

    rows: Sequence[Account]
    next: str


@dataclass(frozen=True)
class GrantPage:
    """A page of grants, and the id after which the next begins (None at the end)."""

    rows: Sequence[Grant]
    next: UUID | None


def accounts(viewer: Viewer, *, words: str = "", after: str = "") -> AccountPage:
    """Return a page of accounts whose user name or person's name holds `words`; one query.

    Raises:
        NotAllowed: for anybody but the administrators.
    """
    _require(viewer, *LOOK)
    rows = Account.objects.select_related("person").order_by("username")
    if words:
        rows = rows.filter(Q(username__icontains=words) | Q(person__name__icontains=words))
    if after:
        rows = rows.filter(username__gt=after)
    found = list(rows[: PAGE + 1])
    return AccountPage(found[:PAGE], found[PAGE - 1].username if len(found) > PAGE else "")


def every_account(viewer: Viewer, words: str = "") -> Iterator[Account]:
    """Give the accounts that `accounts` shows, page by page, to the last."""
    page = accounts(viewer, words=words)
    yield from page.rows
    while page.next:
        page = accounts(viewer, words=words, after=page.next)
        yield from page.rows


def account_for(viewer: Viewer, account_id: UUID) -> Account:
    """Return an account, closed ones too.

    Raises:
        NotAllowed: for anybody but the administrators.
        NotFound: there is none.
    """
    _require(viewer, *LOOK)
    found = Account.objects.select_related("person", "opened_by").filter(id=account_id).first()
    if found is None:
        raise NotFound(_("There is no such account."))
    return found


def grants_of(viewer: Viewer, account: Account) -> list[Grant]:
    """Return the grants of an account, those in force first, then the newest.

    Raises:
        NotAllowed: for anybody but the administrators.
    """
    _require(viewer, *LOOK)
    moment = clock.now()
    rows = Grant.objects.filter(account=account).select_related("role", "area", "organisation", "post", "given_by")
    found = list(rows.order_by("-valid_from", "id"))
    return sorted(found, key=lambda grant: grant.valid_to is not None and grant.valid_to <= moment)


def signings_of(viewer: Viewer, account: Account, most: int = 20) -> list[Line]:
    """Return the newest lines of signing in and out of an account.

    Raises:
        NotAllowed: for anybody but the administrators.
    """
    _require(viewer, *LOOK)
    kinds = ("access.signed_in", "access.signed_out", "access.sessions_ended", "access.password_reset")
    return list(Line.objects.filter(subject_id=account.id, kind__in=kinds).order_by("-seq")[:most])


def grants(viewer: Viewer, *, ending_soon: bool = False, role: str = "", after: UUID | None = None) -> GrantPage:
    """Return a page of the grants in force in the areas where `viewer` gives them; one query.

    Raises:
        NotAllowed: without the power access.grants or access.audit.
    """
    _require(viewer, GRANTS, AUDIT)
    moment = clock.now()
    rows = Grant.objects.filter(
        is_one_of("area_id", viewer.areas(GRANTS) | viewer.areas(AUDIT)), valid_from__lte=moment, role__isnull=False
    ).exclude(valid_to__lte=moment)
    if ending_soon:
        rows = rows.filter(valid_to__lte=moment + SOON)
    if role:
        rows = rows.filter(role__code=role)
    if after is not None:
        rows = rows.filter(id__gt=after)
    found = list(
        rows.select_related("account__person", "role", "area", "organisation", "post").order_by("id")[: PAGE + 1]
    )
    return GrantPage(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def grant_for(viewer: Viewer, grant_id: UUID) -> Grant:
    """Return a grant in an area where `viewer` gives them.

    Raises:
        NotFound: there is none there.
    """
    rows = Grant.objects.select_related("account__person", "role", "area").filter(id=grant_id, role__isnull=False)
    found = rows.first()
    if found is None or not viewer.allows(GRANTS, found.area_id):
        raise NotFound(_("There is no such grant, or it has ended."))
    return found


def every_grant(viewer: Viewer, *, ending_soon: bool = False, role: str = "") -> Iterator[Grant]:
    """Give the grants that `grants` shows, page by page, to the last."""
    page = grants(viewer, ending_soon=ending_soon, role=role)
    yield from page.rows
    while page.next is not None:
        page = grants(viewer, ending_soon=ending_soon, role=role, after=page.next)
        yield from page.rows


def roles(viewer: Viewer) -> QuerySet[Role]:
    """Return the roles by code, each with how many accounts hold it (`holders`).

    Raises:
        NotAllowed: for anybody but the administrators.
    """
    _require(viewer, *LOOK)
    moment = clock.now()
    in_force = Q(grants__valid_from__lte=moment) & (Q(grants__valid_to=None) | Q(grants__valid_to__gt=moment))
    return Role.objects.annotate(holders=Count("grants__account", filter=in_force, distinct=True)).order_by("code")


def role_changes(viewer: Viewer, role: Role) -> QuerySet[RoleChange]:
    """Return how a role changed, newest first.

    Raises:
        NotAllowed: for anybody but the administrators.
    """
    _require(viewer, *LOOK)
    return RoleChange.objects.filter(role=role).select_related("by").order_by("-at", "-id")


def keys(viewer: Viewer) -> list[ApiKey]:
    """Return the keys that lie wholly in the areas where `viewer` makes them, newest first.

    Raises:
        NotAllowed: without the power access.keys or access.audit.
    """
    _require(viewer, KEYS, AUDIT)
    reach = viewer.areas(KEYS) | viewer.areas(AUDIT)
    rows = ApiKey.objects.select_related("owner", "organisation").order_by("-created_at", "id")
    return [key for key in rows if set(key.areas) <= reach]


def key_for(viewer: Viewer, key_id: UUID) -> ApiKey:
    """Return a key that `viewer` may revoke.

    Raises:
        NotFound: there is none.
    """
    found = ApiKey.objects.select_related("owner").filter(id=key_id).first()
    if found is None or not all(viewer.allows(KEYS, area) for area in found.areas):
        raise NotFound(_("There is no such key, or it is revoked."))
    return found


def broken_glass(viewer: Viewer, *, is_reviewed: bool = False, most: int = 100) -> list[BreakGlass]:
    """Return glass broken in the areas that `viewer` audits, newest first; by itself what waits for its review.

    Raises:
        NotAllowed: without the power access.audit.
    """
    _require(viewer, AUDIT)
    rows = BreakGlass.objects.filter(is_one_of("area_id", viewer.areas(AUDIT)), reviewed_at__isnull=not is_reviewed)
    return list(rows.select_related("account__person", "area", "reviewed_by").order_by("-broken_at", "id")[:most])


def glass_for(viewer: Viewer, glass_id: UUID) -> BreakGlass:
    """Return broken glass in an area that `viewer` audits.

    Raises:
        NotFound: there is none there.
    """
    found = BreakGlass.objects.select_related("account__person", "area", "reviewed_by").filter(id=glass_id).first()
    if found is None or not viewer.allows(AUDIT, found.area_id):
        raise NotFound(_("There is no such glass."))
    return found


def reads_under(viewer: Viewer, glass: BreakGlass) -> int:
    """Return how many lines were left while this glass was open, the breaking left out.

    Raises:
        NotAllowed: without the power access.audit in its area.
    """
    if not viewer.allows(AUDIT, glass.area_id):
        raise NotAllowed(_("The read log is for audit administrators."))
    return Line.objects.filter(actor_id=glass.account_id, on_behalf_of=glass.id).count()


def staff_to_open_for(viewer: Viewer, words: str, most: int = 20) -> list[PostHolding]:
    """Return who holds a post today and has `words` in their name, for opening an account for them.

    Raises:
        NotAllowed: without the power access.accounts.
    """
    _require(viewer, ACCOUNTS)
    day = today()
    rows = PostHolding.objects.filter(person__name__icontains=words, person__erased_at=None, valid_from__lte=day)
    rows = rows.exclude(valid_to__lte=day).select_related("person", "post__organisation")
    return list(rows.order_by("person__name", "id")[:most]) if words else []


def _require(viewer: Viewer, *powers: str) -> None:
    if not any(viewer.allows(power) for power in powers):
        raise NotAllowed(_("This is for administrators."))
