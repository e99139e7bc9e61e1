"""Lines of signing in and out."""

from uuid import UUID

from liuchi.ground.access.kinds import SIGN_IN_FAILED, SIGNED_IN, SIGNED_OUT
from liuchi.ground.access.models import Account
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.keyring import keyring

#: What a failed sign-in is about: there may be no such account, and the line must not tell whether there is.
NOBODY = UUID(int=0)


@action
def record_sign_in(*, by: Actor, account: Account, way: str) -> None:
    """Leave a line that `account` signed in, and which way ("password", "demo")."""
    record(
        kind=SIGNED_IN,
        by=by,
        subject_type="access.account",
        subject_id=account.id,
        data={"account": account.id, "way": way},
    )


@action
def record_failed_sign_in(*, by: Actor, username: str) -> None:
    """Leave a line that a sign-in failed, with a keyed hash of the user name as typed: people type passwords there."""
    record(
        kind=SIGN_IN_FAILED,
        by=by,
        subject_type="access.account",
        subject_id=NOBODY,
        data={"name": keyring().digest(username, "access.username")},
    )


@action
def record_sign_out(*, by: Actor, account: Account) -> None:
    """Leave a line that `account` signed out."""
    record(kind=SIGNED_OUT, by=by, subject_type="access.account", subject_id=account.id, data={"account": account.id})
