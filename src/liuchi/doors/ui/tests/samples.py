"""A message to the resident of town 1, for the access matrix."""

from liuchi.doors.ui.samples import Canary, Sample, Samples
from liuchi.engines.cases.testing import World
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.notices.models import Notice
from liuchi.ground.notices.testing import tell

WORDS = "金丝雀师傅明天上午来"


def samples(world: World) -> Samples:
    """Return the message, which nobody else may open."""
    tell([world.viewer("resident-here").person_id], number="20240912-000007", words=WORDS)
    notice = Notice.objects.order_by("id").last()
    assert notice is not None
    return Samples(
        pages=(
            Sample("inbox-open", {"notice_id": notice.id}, no_area="people's own messages", may=_is_theirs, owner=_WHO),
        ),
        canaries=(Canary(WORDS, _is_theirs),),
    )


_WHO = "resident-here"


def _is_theirs(viewer: Viewer) -> bool:
    return viewer.username == _WHO
