"""A subscription of a key of the desk here, and a test that was sent, for the access matrix."""

from liuchi.doors.ui.samples import Sample, Samples
from liuchi.engines.cases.testing import World
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.hooks.actions import test_subscription
from liuchi.ground.hooks.testing import key_of, subscribed
from liuchi.ground.kernel.actors import System

_OWNED = "a subscription is its key's owner's"


def samples(world: World) -> Samples:
    """Return the pages of one subscription."""
    row, _ = subscribed(key_of("desk-here", world.communities[0]), "https://hooks.example/", "case.reported")
    delivery = test_subscription(by=System("tests"), subscription_id=row.id)
    one = {"hook": row.id}
    return Samples(
        pages=(
            Sample("hook", one, no_area=_OWNED, may=_may_look),
            Sample("hook-act", {**one, "what": "pause"}, no_area=_OWNED, may=_may_look),
            Sample("hook-replay", {**one, "delivery": delivery.id}, no_area=_OWNED, may=_may_look),
            Sample("hook-secret", one, no_area=_OWNED, may=_is_owner),
        )
    )


def _may_look(viewer: Viewer) -> bool:
    return _is_owner(viewer) or viewer.allows("hooks.manage")


def _is_owner(viewer: Viewer) -> bool:
    return viewer.username == "desk-here"
