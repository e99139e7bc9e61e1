"""How the parts of a structured address are written, put together and ordered: 工农小区一期3栋2单元301室."""

import re
import unicodedata
from typing import Final

#: What is said behind a bare number; an ending that is written already ("A座", "5号楼") stays.
BUILDING_ENDING, UNIT_ENDING, ROOM_ENDING = "栋", "单元", "室"
_BARE = re.compile(r"[0-9A-Z]+(-[0-9A-Z]+)*")
_CHINESE: Final = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百]+")
_ASCII_NUMBER = re.compile(r"[0-9]+")
#: Digits a number is filled up to, so that text order is number order.
_WIDE = 5


def tidy(text: str) -> str:
    """Return a part of an address without blanks, full-width letters and small letters: " ３ 栋" becomes 3栋."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return unicodedata.normalize("NFKC", plain)


def building_number(text: str) -> str:
    """Return a building's number as it is said: 3 and 3栋 become 3栋; A座 and 5号楼 stay."""
    return _with_ending(tidy(text), BUILDING_ENDING)


def unit_number(text: str) -> str:
    """Return a unit's bare number: 2单元 becomes 2; empty where a building has no units."""
    return tidy(text).removesuffix(UNIT_ENDING)


def room_number(text: str) -> str:
    """Return a room's bare number: 301室 becomes 301."""
    return tidy(text).removesuffix(ROOM_ENDING)


def room_address(unit: str, room: str) -> str:
    """Return the part of an address below the building: 2单元301室."""
    return f"{_with_ending(unit, UNIT_ENDING)}{_with_ending(room, ROOM_ENDING)}"


def sort_key(*parts: str) -> str:
    """Return a text that orders parts of addresses as people count: 2栋 before 10栋, 一期 before 二期."""
    return "|".join(_counted(tidy(part)) for part in parts)


def _with_ending(text: str, ending: str) -> str:
    return text + ending if _BARE.fullmatch(text) else text


def _counted(text: str) -> str:
    plain = _CHINESE_NUMBER.sub(lambda found: str(_value(found[0])), text)
    return _ASCII_NUMBER.sub(lambda found: f"{int(found[0]):0{_WIDE}}", plain)


def _value(chinese: str) -> int:
    """Return what a Chinese number below a thousand says: 十二 is 12; 一〇三 read digit by digit is 103."""
    if not set(chinese) & {"十", "百"}:
        return int("".join(str(_CHINESE[each]) for each in chinese))
    total, digit = 0, None
    for each in chinese:
        if each in _CHINESE:
            digit = _CHINESE[each]
        else:
            total += (1 if digit is None else digit) * (10 if each == "十" else 100)
            digit = None
    return total + (digit or 0)
