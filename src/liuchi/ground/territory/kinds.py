"""The journal kinds of this room."""

from liuchi.ground.journal.kinds import declare

TERRITORY_IMPORTED = declare("territory.imported", areas=int, boundaries=int, edition=int)
