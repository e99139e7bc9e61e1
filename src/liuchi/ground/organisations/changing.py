"""What every change of an organisation shares: who may, from which day, what is kept of how it stood, no circles."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.organisations.credit_codes import CreditCodeError, parse_credit_code
from liuchi.ground.organisations.models import Change, Organisation, OrganisationKind, PastState
from liuchi.ground.organisations.models.organisation import (
    KEPT,
    LONGEST_NAME,
    LONGEST_SHORT_NAME,
    PARENTS,
    PARTY_CHAIN,
)
from liuchi.ground.territory.queries import territory

POWER = "organisations.manage"
#: The kinds of place whose office a duty may name.
PLACES = ("town", "community")


class ChangeRefused(RuleBroken):
    """An organisation cannot be changed like this."""

    code = "organisation_change_refused"


class OrganisationsRefused(RuleBroken):
    """The list cannot be taken in as it is."""

    code = "organisations_refused"


def today() -> date:
    """Return the present day in China."""
    return timezone.localdate(clock.now())


def require_power(by: Actor, areas: Iterable[UUID]) -> None:
    """Ask whether the actor may change organisations in all of `areas`.

    Raises:
        NotAllowed: when it may not in one of them.
    """
    if not all(by.allows(POWER, area) for area in areas):
        raise NotAllowed(_("You may not change organisations here. Ask whoever manages the district's organisations."))


def require_everywhere(by: Actor) -> None:
    """Ask whether the actor may change what holds for the whole district.

    Raises:
        NotAllowed: when it may not.
    """
    require_power(by, {territory().root().id})


def bodies_in_force() -> dict[str, Organisation]:
    """Return every organisation in force by its code."""
    return {each.code: each for each in Organisation.objects.filter(valid_to=None)}


def bodies_by_name() -> dict[str, Organisation]:
    """Return every organisation in force by its code, and by name and short name where no other has that name."""
    bodies = bodies_in_force()
    names = [(name, each) for each in bodies.values() for name in {each.name, each.short_name}]
    counts = Counter(name for name, _body in names)
    return {**{name: each for name, each in names if counts[name] == 1}, **bodies}


def lock(by: Actor, organisation_ids: Collection[UUID]) -> list[Organisation]:
    """Lock organisations in force, in the order of their ids, and return them in the order asked for.

    Raises:
        NotFound: one does not exist, or has ended.
        NotAllowed: the actor may not change one of them.
    """
    rows = Organisation.objects.select_for_update(of=("self",)).filter(id__in=organisation_ids, valid_to=None)
    found = {row.id: row for row in rows.order_by("id")}
    if len(found) < len(set(organisation_ids)):
        raise NotFound(_("There is no such organisation, or it has ended."))
    require_power(by, {row.area_id for row in found.values()})
    return [found[each] for each in organisation_ids]


def require_day(organisation: Organisation, on: date) -> None:
    """Ask whether something may change about `organisation` on a day.

    Raises:
        ChangeRefused: the day lies ahead, or before the last change.
    """
    since = organisation.stands_since or organisation.valid_from
    if on > today():
        raise ChangeRefused(_("This day lies ahead. Enter the change once it is in force."), field="on")
    if on < since:
        raise ChangeRefused(
            _("%(name)s stands like this since %(day)s. Choose that day or a later one.")
            % {"name": organisation.name, "day": since.isoformat()},
            field="on",
        )


def past_state(organisation: Organisation, change: Change, on: date, document: str) -> PastState:
    """Return, unsaved, how `organisation` stood until `on`, and let it stand anew since that day."""
    state = PastState(
        organisation=organisation,
        change=change,
        document=document.strip(),
        valid_from=organisation.stands_since or organisation.valid_from,
        valid_to=on,
        **{name: getattr(organisation, name) for name in KEPT},
    )
    organisation.stands_since = on
    return state


def require_name(name: str, short_name: str) -> tuple[str, str]:
    """Return the names to store; without a short name the name stands for both.

    Raises:
        ChangeRefused: without a name, or with one too long for a list.
    """
    name, short_name = name.strip(), short_name.strip() or name.strip()
    if not name:
        raise ChangeRefused(_("Give the organisation's name."), field="name")
    for field, text, longest in (("name", name, LONGEST_NAME), ("short_name", short_name, LONGEST_SHORT_NAME)):
        if len(text) > longest:
            raise ChangeRefused(
                _("This is longer than %(longest)d characters. Give a shorter one.") % {"longest": longest}, field=field
            )
    return name, short_name


def require_credit_code(text: str, *, beside: UUID | None = None) -> str:
    """Return the code to store, empty for none; no other organisation in force may have it.

    Raises:
        ChangeRefused: it is no credit code, or another body's.
    """
    if not text.strip():
        return ""
    try:
        code = parse_credit_code(text).code
    except CreditCodeError as error:
        raise ChangeRefused(str(error), field="credit_code") from error
    other = Organisation.objects.filter(credit_code=code, valid_to=None).first()
    if other is not None and other.id != beside:
        raise ChangeRefused(
            _("%(name)s has this credit code already.") % {"name": other.name}, field="credit_code", other=other.id
        )
    return code


def require_parents(organisation: Organisation) -> None:
    """Ask whether the parents an organisation is to have are in force and make no circle, and fit the party chain.

    Raises:
        ChangeRefused: naming the parent that cannot be.
    """
    for field in PARENTS:
        parent_id = getattr(organisation, f"{field}_id")
        if parent_id is None:
            continue
        above = _above(parent_id, field)
        if not above:
            raise ChangeRefused(_("The organisation above does not exist (any more)."), field=field)
        if organisation.id in (each.id for each in above):
            raise ChangeRefused(
                _("%(name)s stands below it already; the two would stand above one another.") % {"name": above[0].name},
                field=field,
            )
        if field == "party_parent":
            _require_chain(organisation, above[0])


def _above(first: UUID, field: str) -> list[Organisation]:
    """Return an organisation in force and those above it in one chain, nearest first."""
    found: dict[UUID, Organisation] = {}
    following: UUID | None = first
    while following is not None and following not in found:
        row = Organisation.objects.filter(id=following, valid_to=None).first()
        if row is None:
            break
        found[row.id] = row
        following = getattr(row, f"{field}_id")
    return list(found.values())


def _require_chain(organisation: Organisation, parent: Organisation) -> None:
    order = {kind: place for place, kind in enumerate(PARTY_CHAIN)}
    kind, above = OrganisationKind(organisation.kind), OrganisationKind(parent.kind)
    is_party_body = above in order or above == OrganisationKind.DEPARTMENT
    if not is_party_body or (kind in order and above in order and order[above] >= order[kind]):
        raise ChangeRefused(
            _("In the party chain %(above)s does not stand above %(kind)s.")
            % {"above": above.label, "kind": kind.label},
            field="party_parent",
        )
