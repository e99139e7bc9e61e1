"""The lanes that read: the grid of a point, a page of the work-list, a page of what a search found."""

from collections.abc import Sequence
from functools import partial
from itertools import cycle, islice
from typing import Final

import shapely

from liuchi.doors.cli.bench.bare import Limit, heard_of
from liuchi.doors.cli.bench.measuring import Call
from liuchi.doors.cli.bench.processors import these
from liuchi.doors.cli.bench.spots import polygons, spots
from liuchi.engines.cases.filtering import Filters
from liuchi.engines.cases.queries import work_list
from liuchi.engines.cases.search.queries import Search, find_cases, words_in
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.territory.queries import locate

#: What is looked for: a common word, a rare one, two, pinyin, what sounds alike, a slip.
WORDS: Final = ("井盖", "菜市场西门", "路灯 不亮", "jinggai", "汇水", "jinhgai", "井盖 桂花")
#: Somebody, and what their work-list is narrowed to.
Question = tuple[Viewer, Filters]


class Locating:
    """From a point to its grid; barely: the same polygons in a Shapely tree, and the predicate."""

    name, size, clients = "locate", 5000, 1

    def __init__(self) -> None:
        self._shapes = polygons()
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)
        self._spots = list(islice(spots("locate"), self.size))
        self.processes = these()

    def product(self) -> Sequence[Call]:
        """Return questions for points all over the district."""
        return [partial(locate, longitude, latitude) for longitude, latitude in self._spots]

    def bare(self) -> Sequence[Call]:
        """Return the same questions to the tree alone."""
        return [partial(self._barely, longitude, latitude) for longitude, latitude in self._spots]

    def close(self) -> None:
        """Hold nothing, hence give nothing back."""

    def _barely(self, longitude: float, latitude: float) -> object:
        point = shapely.points((longitude, latitude))
        for each in self._tree.query(point).tolist():
            if shapely.intersects(self._shapes[each], point):
                return each
        return None


class Listing:
    """Pages as different people see them; barely: the same SQL, prepared, all rows fetched."""

    clients = 1

    def __init__(self, name: str, size: int, pages: Sequence[Call]) -> None:
        self.name, self.size = name, size
        self._pages, self._limit = pages, Limit()
        self._bare = [self._limit.ready(heard_of(page)) for page in pages]
        self.processes = these()

    def product(self) -> Sequence[Call]:
        """Return pages as different people see them."""
        return list(islice(cycle(self._pages), self.size))

    def bare(self) -> Sequence[Call]:
        """Return the same pages as rows only."""
        return list(islice(cycle(self._bare), self.size))

    def close(self) -> None:
        """Close the bare connection."""
        self._limit.close()


def work_lists(questions: Sequence[Question]) -> list[Call]:
    """Return the pages of work-lists: fifty rows each."""
    return [partial(work_list, viewer, filters) for viewer, filters in questions]


def searches(desk: Viewer, dispatcher: Viewer, number: str) -> list[Call]:
    """Return pages of results as somebody reads them: a common and a rare word, two, pinyin, a slip, a case number."""
    asked = (*WORDS, number)
    return [partial(_found, viewer, Search(words)) for words in asked for viewer in (desk, dispatcher)]


def _found(viewer: Viewer, search: Search) -> object:
    found = find_cases(viewer, search)
    return found, words_in(viewer, found.cases)


def questions(desk: Viewer, checker: Viewer, dispatcher: Viewer) -> list[Question]:
    """Return who looks at what: three roles at their work, and all that is open, first and second page."""
    first = work_list(dispatcher, Filters(scope="all"))
    return [
        (desk, Filters()),
        (checker, Filters()),
        (dispatcher, Filters()),
        (dispatcher, Filters(scope="all")),
        (dispatcher, Filters(scope="all", after=first.next_key)),
    ]
