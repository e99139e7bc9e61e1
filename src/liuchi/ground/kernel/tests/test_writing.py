"""Values in words: what is quicker says the same as what is common."""

import json
import re
from datetime import UTC, datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.kernel.clock import written
from liuchi.ground.kernel.copying import escaped, words_of
from liuchi.ground.kernel.writing import id_words, json_object

PLAIN = st.none() | st.booleans() | st.integers() | st.text()


@given(st.dictionaries(st.text(), PLAIN | st.lists(PLAIN) | st.dictionaries(st.text(), PLAIN)))
def test_object_when_written_then_as_the_encoder_writes_it(data: dict[str, object]) -> None:
    assert json_object(data) == json.dumps(data, sort_keys=True, separators=(",", ":"))


def test_object_when_it_holds_what_json_does_not_know_then_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_object({"rate": float("nan")})
    with pytest.raises(TypeError):
        json_object({"at": object()})


@given(st.uuids())
def test_id_when_written_then_as_text(value: UUID) -> None:
    assert id_words(value) == str(value)


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")])
@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)))
def test_moment_when_written_then_in_universal_time_to_the_microsecond(zone: tzinfo, local: datetime) -> None:
    moment = local.replace(tzinfo=zone)

    assert written(moment) == moment.astimezone(UTC).isoformat(timespec="microseconds")


@given(st.text(alphabet="ab\\\t\n\rN中"))
def test_text_when_put_into_words_then_no_line_or_column_ends_in_it(text: str) -> None:
    words = escaped(text)

    assert not set(words) & set("\t\n\r")
    assert re.sub(r"\\(.)", lambda found: {"t": "\t", "n": "\n", "r": "\r"}.get(found[1], found[1]), words) == text


def test_words_when_values_are_of_many_types_then_as_copy_reads_them() -> None:
    number = UUID(int=7)

    words = words_of((number, None, True, 3, "a\tb", datetime(2025, 1, 31, 4, tzinfo=UTC), b"\x01"))

    assert words == f"{number.hex}\t\\N\tt\t3\ta\\tb\t2025-01-31T04:00:00.000000+00:00\t\\\\x01"


def test_words_when_a_moment_has_no_zone_then_refused() -> None:
    with pytest.raises(TypeError):
        words_of((datetime(2025, 1, 31, 4), "x"))
