"""With whose eyes a subscription is told."""

from liuchi.ground.access.keys import keys_of_system, viewer_of_key
from liuchi.ground.access.models import ApiKey
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.hooks.models import Subscription
from liuchi.ground.hooks.queries import RECEIVE
from liuchi.ground.kernel import clock


def eyes_of(subscription: Subscription) -> Viewer | None:
    """Return the viewer with whose eyes a subscription is told; None when its key ended and nothing follows it.

    A key that its system exchanged is followed by the newest of the same name and owner that may be told of events; the
    subscription then names that one.
    """
    viewer = viewer_of_key(subscription.key)
    if viewer is not None:
        return viewer
    rows = ApiKey.objects.filter(id__in=keys_of_system(subscription.key_id), powers__contains=[RECEIVE])
    for key in rows.select_related("owner").filter(revoked_at=None, expires_at__gt=clock.now()).order_by("-created_at"):
        viewer = viewer_of_key(key)
        if viewer is not None:
            subscription.key = key
            return viewer
    return None
