from liuchi.doors.ui.testing import unknown_variables_fail as unknown_variables_fail
from liuchi.doors.ui.testing import world as world
