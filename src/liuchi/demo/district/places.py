"""The names and codes of the demo district's towns, communities and villages, and how many grids each has.

Codes and official names: statistical division codes of 2023 (code 340803). The number of grids is ours: 274 in all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PROVINCE: Final = ("34", "安徽省")
CITY: Final = ("3408", "安庆市")
DISTRICT: Final = ("340803", "大观区")


@dataclass(frozen=True, slots=True)
class Place:
    """A community or village: its code within the town, its official name and its number of grids."""

    code: str
    official_name: str
    grids: int

    @property
    def name(self) -> str:
        """The short name people use: 马山社区, 红星村."""
        bare = self.official_name.removesuffix("委员会").removesuffix("居委会")
        if bare.endswith("村民"):
            return bare.removesuffix("民")
        bare = bare.removesuffix("居民")
        return bare if bare.endswith("社区") else f"{bare}社区"

    @property
    def label_kind(self) -> str:
        """社区 or 村."""
        return "村" if self.name.endswith("村") else "社区"


@dataclass(frozen=True, slots=True)
class Town:
    """A town: code, name, a point inside it and the direction of its streets (None in the country), places in
    drawing order.
    """

    code: str
    name: str
    inside_km: tuple[float, float]
    streets_degrees: float | None
    places: tuple[Place, ...]

    @property
    def label_kind(self) -> str:
        """街道, 镇 or 乡."""
        return "街道" if self.name.endswith("街道") else self.name[-1]


TOWNS: Final[tuple[Town, ...]] = (
    Town("340803001", "德宽路街道", (11.0, 9.5), 8.0, (
        Place("340803001004", "大观亭社区居民委员会", 9),
        Place("340803001003", "腊树园社区居民委员会", 8),
        Place("340803001002", "马山社区居民委员会", 7))),
    Town("340803002", "玉琳路街道", (13.5, 9.8), 10.0, (
        Place("340803002001", "滨江苑社区居民委员会", 8),
        Place("340803002003", "太平寺社区居民委员会", 8),
        Place("340803002005", "四眼井社区居民委员会", 7))),
    Town("340803003", "龙山路街道", (13.3, 11.5), 10.0, (
        Place("340803003006", "四方城社区居民委员会", 9),
        Place("340803003005", "近圣社区居民委员会", 8),
        Place("340803003001", "荣升社区居民委员会", 8))),
    Town("340803004", "菱湖街道", (16.6, 10.3), 6.0, (
        Place("340803004001", "菱湖社区居民委员会", 9),
        Place("340803004004", "柏子桥社区居民委员会", 7),
        Place("340803004005", "宜纺社区居民委员会", 8),
        Place("340803004002", "宜园社区居民委员会", 8),
        Place("340803004009", "华茂社区居委会", 6))),
    Town("340803005", "集贤路街道", (15.0, 13.0), -2.0, (
        Place("340803005001", "蔡山社区居民委员会", 9),
        Place("340803005002", "高花社区居民委员会", 8),
        Place("340803005005", "碟子塘社区居民委员会", 8))),
    Town("340803006", "石化路街道", (10.7, 11.0), 4.0, (
        Place("340803006005", "鸭儿塘社区居民委员会", 7),
        Place("340803006001", "天桥社区居民委员会", 8),
        Place("340803006004", "大湖社区居民委员会", 10))),
    Town("340803007", "花亭路街道", (12.0, 13.0), 6.0, (
        Place("340803007001", "花亭南村社区居民委员会", 8),
        Place("340803007003", "花亭北村社区居民委员会", 9),
        Place("340803007005", "湖心社区居民委员会", 7))),
    Town("340803100", "海口镇", (4.0, 7.0), None, (
        Place("340803100211", "保婴村民委员会", 5),
        Place("340803100210", "培文村民委员会", 5),
        Place("340803100209", "昌宁村民委员会", 6),
        Place("340803100207", "巨网村民委员会", 4),
        Place("340803100206", "镇江村民委员会", 5),
        Place("340803100001", "安原居委会", 6),
        Place("340803100205", "红星村民委员会", 5),
        Place("340803100204", "海口村民委员会", 8),
        Place("340803100201", "南埂村民委员会", 5),
        Place("340803100002", "河港居委会", 5))),
    Town("340803200", "十里铺乡", (9.0, 15.0), None, (
        Place("340803200206", "林业村民委员会", 4),
        Place("340803200205", "茅岭村民委员会", 4),
        Place("340803200200", "十里村民委员会", 6),
        Place("340803200203", "凤凰村民委员会", 5),
        Place("340803200204", "五里村民委员会", 5),
        Place("340803200001", "红水塘居民委员会", 7),
        Place("340803200202", "袁江村民委员会", 5))),
)  # fmt: skip
