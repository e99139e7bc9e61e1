"""What became of the rows of a batch, as it is kept: sealed with the import's key, the quiet rows left out."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from liuchi.ground.exchange.models import Import, ImportBatch
from liuchi.ground.exchange.registers import Outcome, Problem, Result, Touched
from liuchi.ground.exchange.restoring import Key
from liuchi.ground.exchange.sealed_files import seal_bytes, unseal_bytes

Done = tuple[int, Result]
_LETTERS: Final[Mapping[Outcome, str]] = {each: each.value[:3] for each in Outcome}
_OUTCOMES: Final = {letters: each for each, letters in _LETTERS.items()}


def seal_results(one: Import, key: str, number: int, done: Sequence[Done], marks: Mapping[Key, str]) -> bytes:
    """Return the results of a batch, sealed; rows that came out unchanged without a remark are not kept."""
    kept = [_written(each, marks) for each in done if each[1].touched or each[1].problems]
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    return seal_bytes(zlib.compress(text.encode()), key, f"{one.id} results {number}")


def open_results(one: Import, key: str, batch: ImportBatch) -> tuple[list[Done], dict[Key, str]]:
    """Return what became of the rows of a batch, and the marks of the stored rows after it."""
    blob = bytes(batch.results or b"")
    kept = json.loads(zlib.decompress(unseal_bytes(blob, key, f"{one.id} results {batch.number}")))
    marks: dict[Key, str] = {}
    return [_read(each, marks) for each in kept], marks


def results_of(one: Import, key: str) -> Iterator[Done]:
    """Yield what became of every row about which there is something to say, in the order of the file."""
    for batch in one.batches.order_by("number").iterator(chunk_size=20):
        yield from open_results(one, key, batch)[0]


def _written(done: Done, marks: Mapping[Key, str]) -> list[Any]:
    number, result = done
    return [
        number,
        _LETTERS[result.outcome],
        [[each.model, each.pk, marks.get((each.model, each.pk)), each.before] for each in result.touched],
        [[each.code, each.message, each.column, each.is_note] for each in result.problems],
    ]


def _read(kept: list[Any], marks: dict[Key, str]) -> Done:
    number, letters, touched, problems = kept
    marks.update({(model, pk): mark for model, pk, mark, _before in touched})
    result = Result(
        _OUTCOMES[letters],
        tuple(Touched(model, pk, before) for model, pk, _mark, before in touched),
        tuple(Problem(*each) for each in problems),
    )
    return number, result
