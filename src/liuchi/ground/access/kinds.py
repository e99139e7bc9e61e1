"""The journal kinds of this room."""

from uuid import UUID

from liuchi.ground.journal.kinds import declare

ROLES_SET = declare("access.roles_set", roles=int)
ACCOUNTS_OPENED = declare("access.accounts_opened", accounts=int, grants=int)
ACCOUNTS_CLOSED = declare("access.accounts_closed", accounts=int, grants=int)
GRANTS_FOLLOWED = declare("access.grants_followed", areas=list[UUID], ended=int, begun=int)
SIGNED_IN = declare("access.signed_in", account=UUID, way=str)
SIGN_IN_FAILED = declare("access.sign_in_failed", name=bytes)
SIGNED_OUT = declare("access.signed_out", account=UUID)
REVEALED = declare("access.revealed", is_read=True, field=str, purpose=str, person=UUID | None)
LOOKED_UP = declare(
    "access.looked_up", is_read=True, field=str, value=bytes, purpose=str, person=UUID | None, is_found=bool
)
