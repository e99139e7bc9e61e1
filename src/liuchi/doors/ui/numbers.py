"""Case numbers in URLs."""

import re

SHAPE = re.compile(r"[0-9]{8}-[0-9]{6,12}")


class CaseNumber:
    """Lets only case numbers through, so that nothing else reaches a query."""

    regex = SHAPE.pattern

    def to_python(self, value: str) -> str:
        """Return the number as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the number as it stands."""
        return value
