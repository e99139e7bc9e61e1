"""The journal kinds of this room."""

from uuid import UUID

from liuchi.ground.journal.kinds import declare

PEOPLE_IMPORTED = declare("people.imported", people=int, holdings=int, residences=int, changed=int)
PERSON_ERASED = declare("people.person_erased", person=UUID, absorbed=list[UUID])
