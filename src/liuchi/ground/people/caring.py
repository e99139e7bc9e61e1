"""The care categories that the product comes with. No category labels people by what they did or whom they trouble:
released prisoners, petitioners and the like are not here (a test holds that). Nothing has a colour."""

import re
from dataclasses import dataclass
from typing import Final

from liuchi.ground.people.models import CareSensitivity, VisitTier

SENSITIVE, PERSONAL = CareSensitivity.SENSITIVE, CareSensitivity.PERSONAL
#: An entry is looked at again every year at least; a leap year's year has 366 days.
A_YEAR: Final = 366


@dataclass(frozen=True)
class NewCategory:
    """A category to keep: why somebody is in it, by which rule, what for, for how long at most, how often visited."""

    code: str
    name: str
    english_name: str
    legal_basis: str
    purpose: str
    visit_tier: str
    sensitivity: str = SENSITIVE
    longest_days: int = A_YEAR
    has_diagnosis: bool = False
    consent_purpose: str = ""


SHIPPED: Final = (
    NewCategory(
        "low-income",
        "最低生活保障对象",
        "Minimum living allowance",
        "《社会救助暂行办法》（国务院令第649号）第九条至第十三条",
        "落实低保待遇并定期复核",
        VisitTier.GENERAL,
    ),
    NewCategory(
        "extremely-poor",
        "特困供养人员",
        "Support for the extremely poor",
        "《社会救助暂行办法》（国务院令第649号）第十四条至第十九条",
        "落实特困供养，及时发现并主动办理",
        VisitTier.KEY,
    ),
    NewCategory(
        "severe-disability",
        "重度残疾人",
        "Severe disability",
        "《国务院关于全面建立困难残疾人生活补贴和重度残疾人护理补贴制度的意见》（国发〔2015〕52号）",
        "落实护理补贴与照护服务",
        VisitTier.GENERAL,
        has_diagnosis=True,
    ),
    NewCategory(
        "disabled-elderly",
        "失能老年人",
        "Elderly who cannot care for themselves",
        "《中华人民共和国老年人权益保障法》第三十条；民发〔2022〕73号",
        "照护服务与探访关爱",
        VisitTier.HIGH,
        has_diagnosis=True,
    ),
    NewCategory(
        "living-alone",
        "独居老年人",
        "Elderly living alone",
        "《关于开展特殊困难老年人探访关爱服务的指导意见》（民发〔2022〕73号）",
        "探访关爱，防范居家意外",
        VisitTier.KEY,
        PERSONAL,
    ),
    NewCategory(
        "left-behind-elderly",
        "留守老年人",
        "Elderly left behind",
        "《关于开展特殊困难老年人探访关爱服务的指导意见》（民发〔2022〕73号）",
        "探访关爱，联系子女",
        VisitTier.KEY,
        PERSONAL,
    ),
    NewCategory(
        "left-behind-child",
        "留守儿童",
        "Children left behind",
        "《国务院关于加强农村留守儿童关爱保护工作的意见》（国发〔2016〕13号）",
        "督促监护责任，关爱保护",
        VisitTier.KEY,
    ),
    NewCategory(
        "orphan",
        "孤儿",
        "Orphans",
        "《国务院办公厅关于加强孤儿保障工作的意见》（国办发〔2010〕54号）",
        "落实基本生活费与监护",
        VisitTier.KEY,
    ),
    NewCategory(
        "worker-in-difficulty",
        "困难职工",
        "Workers in difficulty",
        "工会困难职工帮扶办法（以当地总工会文件为准）",
        "工会帮扶与脱困跟踪",
        VisitTier.GENERAL,
    ),
    NewCategory(
        "poverty-monitoring",
        "防返贫监测对象",
        "Monitored against falling back into poverty",
        "《关于建立防止返贫监测和帮扶机制的指导意见》（国开发〔2020〕6号）",
        "及早发现风险，落实帮扶",
        VisitTier.KEY,
    ),
)

#: Words of labels and of people sorted by what they did or whom they trouble: no district category is called so.
_COLOURS: Final = re.compile(
    r"[红橙黄绿青蓝紫黑灰](?:色|码|标|牌|卡|榜|名单|类)|[三四五]色|颜色|赋码|\b(?:red|orange|yellow|green|blue|black|grey)\b",
    re.IGNORECASE,
)
_SPECIAL: Final = re.compile(
    r"刑满|刑释|释放|社区矫正|社矫|矫正对象|两劳|前科|吸毒|戒毒|涉毒|上访|信访|访户|缠访|重点人|特殊人|稳控|管控|维稳|肇事肇祸|精神障碍"
    r"|邪教|涉邪|艾滋|闲散|失信|不放心|黑名单"
    r"|\b(?:released|prisoners?|offenders?|probation|petition\w*|drugs?|addicts?|cults?|blacklist\w*)\b",
    re.IGNORECASE,
)


def is_label(*texts: str) -> bool:
    """Tell whether words would put a colour on people."""
    return any(_COLOURS.search(text) for text in texts)


def is_special_population(*texts: str) -> bool:
    """Tell whether words would sort people by what they did or whom they trouble (special populations)."""
    return any(_SPECIAL.search(text) for text in texts)
