"""The journal kinds of this room."""

from datetime import datetime
from uuid import UUID

from liuchi.ground.journal.kinds import declare

ROLES_SET = declare("access.roles_set", roles=int)
ROLE_CHANGED = declare("access.role_changed", role=str, powers=list[str], added=list[str], removed=list[str])
ANSWERS_FORGOTTEN = declare("access.answers_forgotten", answers=int)
ACCOUNTS_OPENED = declare("access.accounts_opened", accounts=int, grants=int)
ACCOUNT_OPENED = declare("access.account_opened", account=UUID, person=UUID)
ACCOUNT_CLOSED = declare("access.account_closed", account=UUID, reason=str, grants=int, keys=int)
ACCOUNTS_CLOSED = declare("access.accounts_closed", accounts=int, grants=int)
GRANTS_FOLLOWED = declare("access.grants_followed", areas=list[UUID], ended=int, begun=int)
PASSWORD_RESET = declare("access.password_reset", account=UUID, reason=str)
PASSWORD_CHANGED = declare("access.password_changed", account=UUID)
SESSIONS_ENDED = declare("access.sessions_ended", account=UUID)
GRANT_GIVEN = declare(
    "access.grant_given",
    grant=UUID,
    account=UUID,
    role=str,
    organisation=UUID | None,
    post=UUID | None,
    purpose_of_grant=str,
    valid_from=datetime,
    valid_to=datetime | None,
)
GRANT_ENDED = declare("access.grant_ended", grant=UUID, account=UUID, role=str, valid_to=datetime)
GRANTS_HANDED_OVER = declare("access.grants_handed_over", post=UUID, ended=int, begun=int)
#: Posts ended; grants that came with one come with the post that goes on, or end.
GRANTS_CARRIED_OVER = declare("access.grants_carried_over", posts=list[UUID], ended=int, begun=int)
SIGNED_IN = declare("access.signed_in", account=UUID, way=str)
SIGN_IN_FAILED = declare("access.sign_in_failed", name=bytes)
SIGNED_OUT = declare("access.signed_out", account=UUID)
REVEALED = declare("access.revealed", is_read=True, field=str, purpose=str, person=UUID | None)
LOOKED_UP = declare(
    "access.looked_up", is_read=True, field=str, value=bytes, purpose=str, person=UUID | None, is_found=bool
)
KEY_MADE = declare("access.key_made", key=UUID, owner=UUID, powers=list[str], areas=list[UUID], expires_at=datetime)
KEY_EXCHANGED = declare("access.key_exchanged", key=UUID, successor=UUID, until=datetime, expires_at=datetime)
KEY_REVOKED = declare("access.key_revoked", key=UUID, reason=str)
#: Areas of a key ended; it opens those that took over.
KEY_FOLLOWED = declare("access.key_followed", key=UUID, from_areas=list[UUID], into_areas=list[UUID])
KEY_USED = declare("access.key_used", key=UUID)
GLASS_BROKEN = declare("access.glass_broken", glass=UUID, account=UUID, area=UUID, powers=list[str], ends_at=datetime)
GLASS_PUT_BACK = declare("access.glass_put_back", glass=UUID, account=UUID)
GLASS_REVIEWED = declare("access.glass_reviewed", glass=UUID, account=UUID, finding=str)
