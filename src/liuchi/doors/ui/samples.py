"""What the access matrix needs of each section: objects for the arguments of its URLs, and words that must not leak.

A section's `tests/samples.py` has `samples(world)`, called once after the small world is made. Town 1 (grids 0 to 3) is
"here", town 2 (grids 4 to 7) is "there"; the water centre works here, the lights squad there. There are accounts
for every role: "desk-here", "desk-there", … A URL with arguments and without a sample fails the suite.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from liuchi.ground.access.viewers import Viewer


@dataclass(frozen=True)
class Sample:
    """A page's arguments for an object here and one there; without `there`, `no_area` says why it hangs on no area.

    `may` says who may open the object here, where neither power nor area decides. `owner` is the user name of the only
    one who may change it ("resident-here"); `valid` are the fields by which they would; others send them in vain.
    """

    page: str
    here: Mapping[str, object]
    there: Mapping[str, object] | None = None
    no_area: str = ""
    may: Callable[[Viewer], bool] | None = None
    owner: str = ""
    valid: Mapping[str, str] = field(default_factory=dict)


def both(page: str, arguments: Iterable[Mapping[str, object]]) -> Sample:
    """Return a sample of a page from its arguments here and there."""
    here, there = arguments
    return Sample(page, here, there)


@dataclass(frozen=True)
class Canary:
    """Words that stand in an object, and who may read them on a page; nobody else's page may hold them.

    A canary that may be read by somebody has to be met on some page: else its silence would show nothing.
    """

    words: str
    may: Callable[[Viewer], bool] | None


@dataclass(frozen=True)
class Samples:
    """What one section gives: pages with their arguments, and canaries."""

    pages: Sequence[Sample] = ()
    canaries: Sequence[Canary] = ()
