"""What every write of this room asks first: who may, where, and never for oneself."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liuchi.ground.access.models import Account, Grant
from liuchi.ground.access.powers import ADMINISTRATORS
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.people.queries import same_person

#: What the database says when somebody would administer two things (its migrations).
_APART = "two of the three administrations"


class NotForOneself(RuleBroken):
    """Nobody gives to themselves, nor decides about themselves."""

    code = "not_for_oneself"


class ReasonMissing(RuleBroken):
    """The change has to say why."""

    code = "reason_missing"


class LastAdministrator(RuleBroken):
    """Nobody would be left to administer."""

    code = "last_administrator"


class AdministratorsApart(RuleBroken):
    """One human being, or one role, would be two of the three administrators (GB/T 22239-2019, 8.1.4)."""

    code = "administrators_apart"


@contextmanager
def administrators_apart(message: str, field: str) -> Iterator[None]:
    """Tell in words when the database refuses one human being two of the three administrations.

    It alone sees grants that begin later and those that are being given at this moment.

    Raises:
        AdministratorsApart: with `message`, at `field`.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if _APART not in str(error):
            raise
        raise AdministratorsApart(message, field=field) from error


def require_power(by: Actor, power: str, *areas: UUID) -> None:
    """Refuse an actor without `power` in every one of `areas` (without any: somewhere).

    Raises:
        NotAllowed: with what is missing in words.
    """
    if not by.allows(power):
        raise NotAllowed(_("Your office does not include this. It needs the power %(power)s.") % {"power": power})
    if not all(by.allows(power, area) for area in areas):
        raise NotAllowed(_("This reaches beyond the area for which you hold the power %(power)s.") % {"power": power})


def require_power_over(by: Actor, power: str, account: Account) -> None:
    """Refuse an actor without `power` wherever `account` holds a grant.

    Raises:
        NotAllowed: with what is missing in words.
    """
    areas = grants_in_force().filter(account=account, glass=None).values_list("area_id", flat=True)
    require_power(by, power, *set(areas))


def require_other(by: Actor, person_id: UUID) -> None:
    """Refuse somebody who acts upon their own person, with whatever account of whatever joined record.

    Raises:
        NotForOneself: always then.
    """
    if by.id is not None and Account.objects.filter(same_person("person", person_id), id=by.id).exists():
        raise NotForOneself(_("Nobody decides this about themselves. Ask another administrator."))


def require_reason(reason: str) -> str:
    """Return the reason without blanks around it.

    Raises:
        ReasonMissing: when there is none.
    """
    said = reason.strip()
    if not said:
        raise ReasonMissing(_("Say why: a document, an appointment, an agreement."), field="reason")
    return said


def account_for_update(account_id: UUID) -> Account:
    """Return an open account, locked.

    Raises:
        NotFound: there is none, or it is closed.
    """
    account = Account.objects.select_for_update(of=("self",)).filter(id=account_id, is_active=True).first()
    if account is None:
        raise NotFound(_("There is no such account, or it is closed."))
    return account


def require_somebody_left(ending: list[Grant]) -> None:
    """Refuse to end the last grants in force of one of the three administrators.

    Raises:
        LastAdministrator: naming the role.
    """
    for grant in ending:
        if grant.role is None or grant.role.code not in ADMINISTRATORS:
            continue
        others = grants_in_force().filter(role=grant.role, valid_to=None, account__is_active=True)
        if not others.exclude(id__in=[each.id for each in ending]).exists():
            raise LastAdministrator(
                _("Nobody would be left as %(role)s. Give the role to a successor first.") % {"role": grant.role.name}
            )


def grants_in_force() -> QuerySet[Grant]:
    """Return the grants in force now, by account."""
    moment = clock.now()
    rows = Grant.objects.filter(valid_from__lte=moment).exclude(valid_to__lte=moment)
    return rows.order_by("account_id", "id")


def account_of(by: Actor) -> UUID | None:
    """Return the account that acts, for the columns that say by whom; None for the house itself."""
    return by.id if by.kind == "person" else None
