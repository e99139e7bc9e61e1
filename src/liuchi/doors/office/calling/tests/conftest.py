"""What the tests of this section share."""

from liuchi.doors.ui.testing import unknown_variables_fail, world

__all__ = ["unknown_variables_fail", "world"]
