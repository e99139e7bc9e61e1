"""One signed link of the chain, in the one form in which it is hashed, signed, filed and compared."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from liuchi.ground.journal.models import Batch
from liuchi.ground.kernel.keys import Keyring

#: What the first link names as its predecessor.
NOTHING = hashlib.sha256(b"liuchi.journal.1").digest()


class JournalBroken(RuntimeError):
    """Sealing cannot go on: database and files disagree. The message says what was found and what to do."""


@dataclass(frozen=True)
class Seal:
    """The seal of one batch of lines, or (`kind` "restored", no lines) the note that an older copy was put back.

    `first` is the first position it seals (for a note: the next position to be used); `kept` the number of the last
    link that the restored database still held.
    """

    kind: str
    number: int
    epoch: int
    first: int
    count: int
    root: bytes
    previous: bytes
    sealed_at: datetime
    kept: int | None
    reason: str
    key: str
    signature: bytes = b""

    @property
    def next_position(self) -> int:
        """Return the position that follows this seal."""
        return self.first + self.count

    def body(self) -> bytes:
        """Return the canonical JSON that is signed."""
        return _dump(self._facts())

    def text(self) -> bytes:
        """Return the canonical JSON with its signature: one line of the file, without the line end."""
        return _dump({**self._facts(), "signature": self.signature.hex()})

    def digest(self) -> bytes:
        """Return the hash (32 bytes) by which the next seal names this one."""
        return hashlib.sha256(self.text()).digest()

    def signed(self, keys: Keyring, after: "Seal | None") -> "Seal":
        """Return this seal with its key's name and signature; the key is never older than that of the seal before."""
        named = replace(self, key=keys.signer_after(after.key if after else ""))
        return replace(named, signature=keys.sign(named.body(), named.key))

    def is_signed(self, keys: Keyring) -> bool:
        """Tell whether the signature is ours on exactly this seal, made with the key it names."""
        return keys.has_signed(self.body(), self.signature, self.key)

    def row(self) -> Batch:
        """Return the unsaved database row of this seal."""
        return Batch(**{name: getattr(self, name) for name in self.__dataclass_fields__})

    def _facts(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "number": self.number,
            "epoch": self.epoch,
            "first": self.first,
            "count": self.count,
            "root": self.root.hex(),
            "previous": self.previous.hex(),
            "sealed_at": self.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "kept": self.kept,
            "reason": self.reason,
            "key": self.key,
        }


def seal_of(batch: Batch) -> Seal:
    """Return the seal that a database row holds."""
    facts = {name: getattr(batch, name) for name in Seal.__dataclass_fields__}
    return Seal(**{**facts, **{name: bytes(facts[name]) for name in ("root", "previous", "signature")}})


def parse(text: bytes) -> Seal:
    """Return the seal that a line of the file holds.

    Raises:
        ValueError: when it is not exactly the canonical form of a seal.
    """
    try:
        facts = json.loads(text)
        for name in ("root", "previous", "signature"):
            facts[name] = bytes.fromhex(facts[name])
        seal = Seal(**{**facts, "sealed_at": datetime.fromisoformat(facts["sealed_at"])})
        is_canonical = seal.text() == text
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a seal") from error
    if not is_canonical:
        raise ValueError("not in canonical form")
    return seal


def _dump(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
