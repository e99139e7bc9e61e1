"""`liuchi bench imports` from end to end, on a short file; and the file itself."""

import csv
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from liuchi.doors.cli.bench.memory import peak_of, watched_peak
from liuchi.doors.cli.bench.residents import HEADINGS, write_residents
from liuchi.embedded import default_root
from liuchi.embedded.processes import servers_in
from liuchi.ground.exchange.intake import READER
from liuchi.ground.people.identity import parse_identity

WORDS = (sys.executable, "-m", "liuchi.doors.cli.main", "bench", "imports", "--json", "--rows", "3000")


def test_residents_when_written_then_all_differ_and_none_could_be_anybody(tmp_path: Path) -> None:
    file = tmp_path / "residents.csv"

    write_residents(file, 40_000, ["990803001001", "990803001002"])

    with file.open(encoding="utf-8-sig", newline="") as read:
        head, *rows = csv.reader(read)
    assert tuple(head) == HEADINGS
    assert len({row[1] for row in rows}) == len({row[4] for row in rows}) == 40_000
    assert all(row[1].startswith("990803") and row[4].startswith("1990") for row in rows)
    for row in rows[::997]:
        identity = parse_identity(row[1])
        assert (identity.born_on.isoformat() if identity.born_on else "", identity.sex) == (
            row[3],
            {"男": "1", "女": "2"}[row[2]],
        )


def test_peak_when_this_process_has_held_much_then_that_of_a_child_is_its_own() -> None:
    held = bytearray(b"x") * (200 << 20)
    mine = peak_of("self")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        theirs = peak_of(str(child.pid))
        child.communicate(b"\n")

    assert mine > 200 > theirs > 0
    assert len(held) == 200 << 20
    assert peak_of(str(child.pid)) == 0


def test_peak_when_a_file_is_read_then_holds_what_its_reader_held() -> None:
    command = [sys.executable, "-c", "input()", READER]

    with watched_peak() as peak, subprocess.Popen(command, stdin=subprocess.PIPE) as reader:
        while not peak.reader_mb:
            time.sleep(0.01)
        reader.communicate(b"\n")

    assert peak.megabytes >= peak.reader_mb > 0


@pytest.mark.slow
def test_bench_of_imports_when_run_then_stands_beside_its_limit_in_bounded_memory_and_leaves_nothing() -> None:
    with subprocess.Popen(WORDS, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as bench:
        out, told = bench.communicate(timeout=300)

    assert bench.returncode == 0, told
    (lane,) = json.loads(out)["lanes"]
    assert (lane["lane"], lane["rows"]) == ("residents", 3000)
    assert lane["per_second"] > 0 < lane["limit_per_second"]
    assert 0 < lane["peak_mb"] < 400
    place = default_root() / f"bench-{bench.pid}"
    assert not place.exists()
    assert servers_in(place / "server" / "pg") == []
