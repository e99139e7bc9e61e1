import hashlib

from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.journal.merkle import EMPTY, root_of

LEAVES = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


def by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word: split at the largest power of two smaller than n."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + by_the_book(leaves[:split]) + by_the_book(leaves[split:])).digest()


@given(LEAVES)
def test_root_when_any_leaves_then_it_is_the_root_of_the_book(leaves: list[bytes]) -> None:
    assert root_of(leaves) == by_the_book(leaves)


@given(LEAVES.filter(bool), st.data())
def test_root_when_one_leaf_changes_then_it_changes(leaves: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves[:at], bytes(byte ^ 1 for byte in leaves[at]), *leaves[at + 1 :]]

    assert root_of(changed) != root_of(leaves)


@given(LEAVES.filter(bool))
def test_root_when_the_last_leaf_goes_or_is_doubled_then_it_changes(leaves: list[bytes]) -> None:
    assert root_of(leaves[:-1]) != root_of(leaves)
    assert root_of([*leaves, leaves[-1]]) != root_of(leaves)


def test_root_when_there_are_no_leaves_then_it_is_the_hash_of_nothing() -> None:
    assert root_of([]) == EMPTY
