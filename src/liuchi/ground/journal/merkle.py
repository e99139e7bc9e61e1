"""The Merkle tree of RFC 6962 section 2.1: one hash that stands for a run of leaves in their order."""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root (32 bytes) over leaf hashes that carry their 0x00 prefix already; inner nodes hash 0x01 first.

    Joining neighbours level by level and lifting an odd last node unchanged gives the tree of RFC 6962, which splits
    at the largest power of two below the number of leaves.
    """
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        joined = [_join(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            joined.append(level[-1])
        level = joined
    return level[0]


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
