"""What people say in the history of the bench: a few hundred reports, put together from parts, the same every time."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from liuchi.engines.cases.search.lexemes import lexemes, vector

#: Of a hundred reports so many name the thing: some words stand in every tenth case, some in every hundredth.
_THINGS: Final = ("井盖松动", "路灯不亮", "垃圾满溢", "噪音扰民", "违停堵路") * 2 + (
    "树枝折断",
    "水管漏水",
    "污水横流",
    "道路塌陷",
    "广告破损",
    "护栏变形",
    "电动车飞线",
    "油烟扰民",
    "信号灯故障",
)
_PLACES: Final = (
    "菜市场西门", "桂花小区三期", "沿江东路", "中学门口", "汽车站北侧", "老年活动中心", "滨河公园", "银杏苑",
    "人民路天桥下", "医院急诊楼旁", "六尺巷口", "工业园二号门",
)  # fmt: skip
_SAID: Final = (
    "{place}旁边{thing}，车辆经过时响声很大，晚上影响休息，请尽快处理。",
    "我住在{place}附近，{thing}已经一个星期了，打过电话没有人来。",
)


def said() -> Iterator[tuple[str, str, str]]:
    """Yield a text, an address and what the index holds of both, as a tsvector literal."""
    for words, place, thing in product(_SAID, _PLACES, _THINGS):
        text = words.format(place=place, thing=thing)
        yield text, place, vector((("A", lexemes(thing[:2])), ("B", lexemes(place)), ("D", lexemes(text))))
