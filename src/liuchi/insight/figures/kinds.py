"""The journal kinds of this room."""

from liuchi.ground.journal.kinds import declare

FIGURES_STATED = declare("figures.stated", rows=int)
