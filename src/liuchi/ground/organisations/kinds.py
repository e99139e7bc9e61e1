"""The journal kinds of this room."""

from liuchi.ground.journal.kinds import declare

ORGANISATIONS_IMPORTED = declare("organisations.imported", organisations=int, posts=int)
DUTIES_IMPORTED = declare("organisations.duties_imported", duties=int)
