"""A reader's own bookmarks."""

from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.notices.kinds import INBOX_TIDIED
from liuchi.ground.notices.models import Notice
from liuchi.ground.people.queries import same_person

#: In whose name the line stands: no line says who read, what or how much, so that nobody can count it.
_NOBODY = System("inbox")
_EVERYBODYS = UUID(int=0)


@action
def mark_seen(*, by: Viewer, notice_id: UUID) -> Notice:
    """Bookmark a notice of one's own as seen and return it; the line names neither reader nor notice.

    Raises:
        NotFound: there is no such notice in the reader's inbox.
    """
    notice = (
        Notice.objects.select_for_update(of=("self",)).filter(same_person("person", by.person_id), id=notice_id).first()
    )
    if notice is None:
        raise NotFound(_("There is no such message in your inbox."))
    if not notice.is_seen:
        notice.is_seen = True
        notice.save(update_fields=["is_seen"])
        record(kind=INBOX_TIDIED, by=_NOBODY, subject_type="notices.inbox", subject_id=_EVERYBODYS)
    return notice


@action
def mark_all_seen(*, by: Viewer) -> int:
    """Bookmark everything in one's own inbox as seen and return how much that was."""
    new = Notice.objects.filter(same_person("person", by.person_id), is_seen=False)
    if not new.exists():
        return 0
    record(kind=INBOX_TIDIED, by=_NOBODY, subject_type="notices.inbox", subject_id=_EVERYBODYS)
    return new.update(is_seen=True)
