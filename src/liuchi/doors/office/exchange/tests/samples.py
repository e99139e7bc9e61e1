"""A file that the registrar here has brought in, for the access matrix: nobody else opens it."""

from liuchi.doors.ui.samples import Canary, Sample, Samples
from liuchi.engines.cases.testing import World
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.exchange.actions import receive_file, set_mapping
from liuchi.ground.exchange.advancing import advance
from liuchi.ground.exchange.testing import as_csv

OWNER = "registrar-here"
NAME, FILE = "金丝雀居民", "金丝雀名单.csv"
_OWN = "an import belongs to whoever made it"


def samples(world: World) -> Samples:
    """Return a checked import of the registrar here, with a row that wants correcting."""
    content = as_csv([[NAME, "990803195001011236"]], ("姓名", "身份证号"))
    by = world.viewer(OWNER)
    one = receive_file(by=by, register="residents", filename=FILE, pieces=[content], is_waited_for=True)
    one = advance(one.id)
    set_mapping(by=by, import_id=one.id, document=one.mapping or {}, is_waited_for=True)
    advance(one.id)
    mine = {"import_id": one.id}
    pages = ("import", "import-reading", "import-columns", "import-refused")
    return Samples(
        pages=(
            *(Sample(page, mine, no_area=_OWN, may=_is_theirs, owner=OWNER) for page in pages),
            Sample("import-act", {**mine, "name": "stop"}, no_area=_OWN, may=_is_theirs, owner=OWNER),
            Sample("import-template", {"code": "topics"}, no_area="a template holds nothing but headings"),
        ),
        canaries=(Canary(FILE, _is_theirs), Canary(NAME, _is_theirs)),
    )


def _is_theirs(viewer: Viewer) -> bool:
    return viewer.username == OWNER
