from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liuchi.doors.office.lists import filters_from, list_address, list_behind
from liuchi.doors.ui.cursors import key_text
from liuchi.engines.cases.filtering import Filters


@given(
    moment=some.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1), timezones=some.just(UTC)),
    last=some.uuids(),
)
def test_key_when_written_into_an_address_then_is_read_back_exactly(moment: datetime, last: UUID) -> None:
    assert filters_from({"after": key_text((moment, last))}).after == (moment, last)


@given(
    some.dictionaries(
        some.sampled_from(["scope", "state", "area", "matter", "order", "unit", "late", "q", "after", "x"]), some.text()
    )
)
def test_filters_when_anything_is_asked_then_never_fails(query: dict[str, str]) -> None:
    filters = filters_from(query)

    assert filters.scope in {"mine", "all"}
    assert "\0" not in filters.words


@pytest.mark.parametrize("after", ["", "-", "x-y", "99999999999999999999-" + "0" * 32, "１２-" + "0" * 32, "12-zz"])
def test_filters_when_the_key_is_broken_then_begin_at_the_first_page(after: str) -> None:
    assert filters_from({"after": after}) == Filters()


def test_list_address_when_changed_then_keeps_the_rest_and_drops_what_is_empty_or_unknown() -> None:
    query = {"scope": "all", "state": "filed", "after": "1-2", "evil": "x"}

    assert list_address(query, after="", q="井盖") == "scope=all&state=filed&q=%E4%BA%95%E7%9B%96"


def test_list_behind_when_given_anything_then_holds_known_names_only() -> None:
    assert list_behind("scope=all&next=//evil&state=filed") == "scope=all&state=filed"
