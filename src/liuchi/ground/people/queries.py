"""Reading people."""

from uuid import UUID

from liuchi.ground.journal.models import Line


def erased_in(line: Line) -> list[UUID]:
    """Return every record that a line `people.person_erased` speaks of: the one kept, then those it had absorbed."""
    return [UUID(each) for each in (line.data["person"], *line.data.get("absorbed", ()))]
