"""Files of fictitious residents: sound identity numbers of a place that does not exist, phones that ring nowhere."""

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from liuchi.ground.people.identity import check_digit

HEADINGS: Final = ("姓名", "身份证号", "性别", "出生日期", "手机号码", "网格编码", "住址")
_FAMILY: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玉梅红国华建文斌宇浩凯秀珍莉"
_PLACE: Final = "990803"
_FIRST_DAY: Final = date(1930, 1, 1)


def resident_rows(count: int, areas: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield rows under `HEADINGS`, all different and always the same, spread over the areas of these codes."""
    dice = random.Random(count)  # noqa: S311 - invented people, not keys
    for number in range(count):
        born_on = _FIRST_DAY + timedelta(days=(number * 7919) % 33_000)
        first = f"{_PLACE}{born_on:%Y%m%d}{number // 33_000 * 2 + dice.randrange(2):03d}"
        yield (
            dice.choice(_FAMILY) + "".join(dice.choices(_GIVEN, k=1 + (number % 3 > 0))),
            first + check_digit(first),
            "男" if int(first[-1]) % 2 else "女",
            born_on.isoformat(),
            f"1990{number:07d}",
            areas[number % len(areas)],
            f"幸福路{number % 300 + 1}号{number % 30 + 1}幢{number % 4 + 1}单元{number % 6 + 1:02d}0{number % 4 + 1}室",
        )


def write_residents(path: Path, count: int, areas: Sequence[str]) -> None:
    """Write a file of residents as offices send them: CSV in UTF-8 with a byte order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        out.writerows(resident_rows(count, areas))
