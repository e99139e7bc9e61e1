"""Codes of areas: how long, what they begin with, and the next free serial.

Statistical codes: 2 province + 2 city + 2 county + 3 town + 3 village (统计用区划代码). Grids: 15 digits, the 12 of
their community and a serial of 3, west to east and north to south (DB11 单元网格划分); 14 with a serial of 2 in the
older CJ/T 213. Communities made of several take 601 and above (CJ/T 349-2010). No standard codes what lies below a
grid: micro-units and household groups go on with two digits each.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.territory.models import AreaKind

LENGTHS: Final = {
    AreaKind.PROVINCE: 2,
    AreaKind.CITY: 4,
    AreaKind.DISTRICT: 6,
    AreaKind.TOWN: 9,
    AreaKind.COMMUNITY: 12,
    AreaKind.GRID: 15,
    AreaKind.SPECIAL: 15,
}
#: A code for a community made of several begins its last part here.
MERGED_FROM: Final = 601
#: Special grids count down from the end, so that they never take a standard grid's next serial.
SPECIAL_FROM: Final = 999
_OLD_GRID = 14


class CodeRefused(RuleBroken):
    """This is no code for an area of this kind here."""

    code = "area_code_refused"


def serial_digits(kind: str) -> int:
    """Return how many digits of a code are an area's own, the rest being its parent's."""
    if kind in (AreaKind.PROVINCE, AreaKind.CITY, AreaKind.DISTRICT, AreaKind.MICRO, AreaKind.GROUP):
        return 2
    return 3


def check_code(kind: str, code: str, parent_code: str | None) -> None:
    """Refuse what is no code for an area of `kind` whose statistical parent has `parent_code`.

    Raises:
        CodeRefused: saying which digits are wrong.
    """
    if not (code.isascii() and code.isdigit()) or code.startswith("0"):
        raise CodeRefused(_("A code consists of digits and does not begin with 0."), field="code")
    lengths = _lengths(kind, parent_code)
    if len(code) not in lengths:
        raise CodeRefused(
            _("This code has %(has)d digits; it needs %(needs)s.")
            % {"has": len(code), "needs": _(" or ").join(map(str, lengths))},
            field="code",
        )
    if parent_code is not None and not code.startswith(parent_code):
        raise CodeRefused(
            _("The code has to begin with %(begin)s, the code of the area it belongs to.") % {"begin": parent_code},
            field="code",
        )
    if not int(code[len(parent_code or "") :]):
        raise CodeRefused(_("The last digits are a serial number; 0 is none."), field="code")


def free_codes(kind: str, parent_code: str, used: Collection[str], count: int, *, first: int = 1) -> list[str]:
    """Return the next `count` codes below a parent: after the highest ever used, then what was never used.

    `used` are the codes ever given below that parent; none is given twice, for old papers name them.

    Raises:
        CodeRefused: when the serials are used up.
    """
    digits = serial_digits(kind)
    most = 10**digits - 1
    length = len(parent_code) + digits
    taken = {int(code[-digits:]) for code in used if len(code) == length and code.startswith(parent_code)}
    if kind == AreaKind.SPECIAL:
        order: Iterable[int] = range(SPECIAL_FROM, 0, -1)
    else:
        low = [serial for serial in taken if serial < MERGED_FROM] if first < MERGED_FROM and digits == 3 else taken
        begin = max([first, *(serial + 1 for serial in low)])
        order = [*range(begin, most + 1), *range(first, begin)]
    free = [serial for serial in order if serial not in taken][:count]
    if len(free) < count:
        raise CodeRefused(_("All serial numbers below %(code)s are used up.") % {"code": parent_code}, field="code")
    return [f"{parent_code}{serial:0{digits}d}" for serial in free]


def reading_order(places: Sequence[tuple[float, float]], height: float) -> list[int]:
    """Return the indexes of points (longitude, latitude) in reading order: north to south, in a row west to east.

    Points belong to one row while they lie less than half of `height` (degrees) below its first.
    """
    waiting = sorted(range(len(places)), key=lambda index: (-places[index][1], places[index][0]))
    ordered: list[int] = []
    while waiting:
        top = places[waiting[0]][1]
        row = [index for index in waiting if top - places[index][1] < height / 2]
        ordered += sorted(row, key=lambda index: places[index][0])
        waiting = [index for index in waiting if index not in row]
    return ordered


def _lengths(kind: str, parent_code: str | None) -> list[int]:
    if kind in (AreaKind.MICRO, AreaKind.GROUP):
        return [len(parent_code or "") + serial_digits(kind)]
    length = LENGTHS[AreaKind(kind)]
    return [length, _OLD_GRID] if kind == AreaKind.GRID and settings.LIUCHI_OLD_GRID_CODES else [length]
