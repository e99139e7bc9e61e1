"""In whose name work goes on that somebody began and the worker ends."""

from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import viewer_of
from liuchi.ground.kernel.actors import Actor, System
from liuchi.ground.kernel.errors import NotAllowed


def actor_for(kind: str, account_id: UUID | None, name: str) -> Actor:
    """Return the actor of that kind with the powers of this moment.

    `name` is that of a part of the house; for an account it is the key of the hat under which the work was begun.

    Raises:
        NotAllowed: the account is closed.
    """
    if kind == "system":
        return System(name)
    account = Account.objects.filter(id=account_id, is_active=True).first() if account_id else None
    if account is None:
        raise NotAllowed(_("The account is closed."))
    return viewer_of(account, name)
