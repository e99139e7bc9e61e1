"""Accounts, grants, keys and broken glass for the access matrix."""

from datetime import timedelta

from liuchi.doors.ui.samples import Canary, Sample, Samples, both
from liuchi.engines.cases.testing import SETUP, World, give_role
from liuchi.ground.access.actions import NewKey, break_glass, make_key
from liuchi.ground.access.models import Account, Grant
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.queries import territory

HERE, THERE = "金丝雀：三号楼燃气泄漏", "金丝雀：河堤渗水"
KEY_HERE, KEY_THERE = "金丝雀对接此处", "金丝雀对接彼处"
_ANY = "accounts hang on no area; every administrator sees them, what they may change their grants decide"


def _glass(world: World, area: Area, username: str, reason: str) -> dict[str, object]:
    give_role(username, "duty_officer", area)
    glass = break_glass(by=world.viewer(username), reason=reason, minutes=5, area_id=area.id, powers=["people.see"])
    return {"glass_id": glass.id}


def _key(area: Area, name: str) -> dict[str, object]:
    owner = Account.objects.get(username="desk")
    wanted = NewKey(name, owner.id, ["cases.see"], [area.id], clock.now() + timedelta(days=30), "协议")
    return {"key_id": make_key(by=SETUP, key=wanted)[0].id}


def samples(world: World) -> Samples:
    """Return an account, and for each town a grant, a key and broken glass that is over."""
    here, there = territory().of_kind("town")[:2]
    give_role("held-here", "checker", here)
    give_role("held-there", "checker", there)
    account = {"account_id": Account.objects.get(username="held-here").id}
    grants = [{"grant_id": Grant.objects.get(account__username=f"held-{side}").id} for side in ("here", "there")]
    keys = [_key(here, KEY_HERE), _key(there, KEY_THERE)]
    glass = [_glass(world, here, "broke-here", HERE), _glass(world, there, "broke-there", THERE)]
    return Samples(
        pages=(
            *(
                Sample(page, account, no_area=_ANY)
                for page in (
                    "access-account",
                    "access-account-close",
                    "access-account-reset",
                    "access-account-sessions",
                    "access-grant-new",
                )
            ),
            Sample("access-role", {"code": "desk"}, no_area="roles are the same everywhere"),
            both("access-grant-end", grants),
            both("access-key-revoke", keys),
            both("access-key-exchange", keys),
            both("access-glass-review", glass),
        ),
        canaries=(
            Canary(HERE, lambda viewer: viewer.allows("access.audit", here.id)),
            Canary(THERE, lambda viewer: viewer.allows("access.audit", there.id)),
            Canary(KEY_HERE, lambda viewer: _looks_after(viewer, here)),
            Canary(KEY_THERE, lambda viewer: _looks_after(viewer, there)),
        ),
    )


def _looks_after(viewer: Viewer, area: Area) -> bool:
    return viewer.allows("access.keys", area.id) or viewer.allows("access.audit", area.id)
