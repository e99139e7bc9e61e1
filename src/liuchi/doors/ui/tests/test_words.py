from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from liuchi.doors.ui.words import limit_words, span_words, time_left_words
from liuchi.ground.calendars.limits import Unit

NOON = datetime(2024, 9, 12, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "chinese", "english"),
    [
        (timedelta(days=1, hours=2, minutes=59), "1 天 2 小时", "1 day 2 hours"),
        (timedelta(days=2, minutes=59), "2 天", "2 days"),
        (timedelta(hours=3), "3 小时", "3 hours"),
        (timedelta(hours=1, minutes=1, seconds=59), "1 小时 1 分钟", "1 hour 1 minute"),
        (timedelta(minutes=5, seconds=59), "5 分钟", "5 minutes"),
        (timedelta(seconds=59), "不到 1 分钟", "less than a minute"),
        (timedelta(0), "不到 1 分钟", "less than a minute"),
        (-timedelta(hours=3), "3 小时", "3 hours"),
    ],
)
def test_span_when_told_then_names_its_two_largest_units(span: timedelta, chinese: str, english: str) -> None:
    with override("zh-hans"):
        in_chinese = span_words(span)
    with override("en"):
        in_english = span_words(span)

    assert (in_chinese, in_english) == (chinese, english)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (NOON + timedelta(days=1, hours=2), "还剩 1 天 2 小时"),
        (NOON, "还剩 不到 1 分钟"),
        (NOON - timedelta(hours=3), "超时 3 小时"),
        (NOON - timedelta(seconds=1), "超时 不到 1 分钟"),
    ],
)
def test_time_left_when_before_and_after_the_moment_then_says_which(due: datetime, words: str) -> None:
    with override("zh-hans"):
        assert time_left_words(due, NOON) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("4.00", Unit.WORK_HOUR, "4 个工作时"),
        ("0.25", Unit.WORK_HOUR, "15 分钟（工作时间）"),
        ("1.50", Unit.WORK_DAY, "1.5 个工作日"),
        ("10.00", Unit.WORK_DAY, "10 个工作日"),
        ("2", Unit.URGENT_HOUR, "2 个紧急工作时"),
        ("3", Unit.URGENT_DAY, "3 个紧急工作日"),
        ("7", Unit.NATURAL_DAY, "7 个自然日"),
    ],
)
def test_limit_when_told_then_names_the_clock_that_counts_it(value: str, unit: Unit, words: str) -> None:
    with override("zh-hans"):
        assert limit_words(Decimal(value), unit) == words
