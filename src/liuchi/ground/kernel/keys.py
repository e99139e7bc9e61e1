"""What is done with the keys that live outside the database and outside its backups.

Keys of three uses change while everything runs (`keyfile` holds them, several at a time, one of each use current):
sealing keys, index keys, signing keys. The keys of the journal's lines and of plain digests stay for life, because what
was made with them cannot be made again (docs/adr/0005).
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: Bytes of a blind index before the name of its key.
INDEX_LENGTH: Final = 32
#: The first index key, whose indexes carry no name: they were made before index keys could change.
FIRST_INDEX_KEY: Final = "i1"


class KeyringBroken(RuntimeError):
    """The key file is missing, unreadable, or does not hold the key a value was sealed with."""


@dataclass(frozen=True)
class Keys:
    """The keys of one use by name in the order of their time, those that wait included, and which is current."""

    current: str
    known: Mapping[str, bytes]

    @property
    def key(self) -> bytes:
        """Return the current key."""
        return self.known[self.current]


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation as they are in force at one moment.

    `verifying` holds the public halves of all signing keys ever used, by id; `find` looks further for a sealing key or
    public half that this ring does not know, because the file has changed since it was read.
    """

    sealing: Keys
    index: Keys
    signing: Keys
    verifying: Mapping[str, bytes]
    lines: bytes
    digests: bytes
    #: Whether values may stand under more than one index key at present, or will within seconds.
    is_index_changing: bool = False
    find: Callable[[str], bytes | None] | None = field(default=None, compare=False, repr=False)

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt `text` (AES-256-GCM) bound to `context`, e.g. "people.person.phone"; the key's id leads the bytes."""
        nonce = os.urandom(12)
        sealed = AESGCM(self.sealing.key).encrypt(nonce, text.encode(), context.encode())
        return seal_mark(self.sealing.current) + nonce + sealed

    def unseal(self, blob: bytes, context: str) -> str:
        """Return the text that `seal` took.

        Raises:
            KeyringBroken: unknown key, changed bytes, or another context.
        """
        end = 1 + (blob[0] if blob else 0)
        name, nonce, sealed = blob[1:end].decode(errors="replace"), blob[end : end + 12], blob[end + 12 :]
        try:
            return AESGCM(self._sealing_key(name)).decrypt(nonce, sealed, context.encode()).decode()
        except (KeyError, ValueError, InvalidTag) as error:
            raise KeyringBroken(f"a value of {_field(context)} cannot be opened with key {name!r}") from error

    def blind(self, text: str, context: str) -> bytes:
        """Return a keyed hash of `text` for exact look-up; the same text elsewhere gives another hash.

        It has 32 bytes, followed by the name of its key unless that is the first.
        """
        return self._blind(text, context, self.index.current)

    def blinds(self, text: str, context: str) -> list[bytes]:
        """Return what `blind` gives under every index key known, the current one first."""
        others = [name for name in self.index.known if name != self.index.current]
        return [self._blind(text, context, name) for name in (self.index.current, *others)]

    def digest(self, text: str, context: str) -> bytes:
        """Return a keyed hash (32 bytes) of what is kept nowhere in full, so that no other key can ever replace it."""
        hashing = self._digesting.copy()
        hashing.update(context.encode() + b"\0" + text.encode())
        return hashing.digest()

    def authenticate(self, message: bytes) -> bytes:
        """Return the keyed hash (32 bytes) that shows a journal line was written by this house."""
        hashing = self._authenticating.copy()
        hashing.update(message)
        return hashing.digest()

    def sign(self, message: bytes, key: str = "") -> bytes:
        """Return the Ed25519 signature (64 bytes) of `message` with the signing key `key`, else the current one."""
        return Ed25519PrivateKey.from_private_bytes(self.signing.known[key or self.signing.current]).sign(message)

    def has_signed(self, message: bytes, signature: bytes, key: str = "") -> bool:
        """Tell whether `signature` on `message` is ours: made with the signing key of id `key`, else the current."""
        name = key or self.signing.current
        public = self.verifying.get(name) or (self.find(name) if self.find else None)
        if public is None:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def signer_after(self, key: str) -> str:
        """Return the id of the signing key to use after a seal made with `key`: the current one, but none before `key`.

        Clocks of two machines may differ by a little when a key's time comes.
        """
        order = list(self.signing.known)
        if key in order and order.index(key) > order.index(self.signing.current):
            return key
        return self.signing.current

    def is_older_signer(self, key: str, than: str) -> bool:
        """Tell whether the signing key `key` was in use before the key `than`, and not after it."""
        order = list(self.verifying)
        return key in order and than in order and order.index(key) < order.index(than)

    # Taking the key in costs three times what hashing a line does: both keys stay, so they are taken in once.

    @cached_property
    def _authenticating(self) -> hmac.HMAC:
        return hmac.new(self.lines, digestmod="sha256")

    @cached_property
    def _digesting(self) -> hmac.HMAC:
        return hmac.new(self.digests, digestmod="sha256")

    def _sealing_key(self, name: str) -> bytes:
        if name not in self.sealing.known and self.find is not None:
            found = self.find(name)
            if found is not None:
                return found
        return self.sealing.known[name]

    def _blind(self, text: str, context: str, name: str) -> bytes:
        hashed = hmac.digest(self.index.known[name], context.encode() + b"\0" + text.encode(), "sha256")
        return hashed + index_mark(name)


def seal_mark(name: str) -> bytes:
    """Return the bytes with which every value sealed by the key `name` begins."""
    return bytes([len(name.encode())]) + name.encode()


def index_mark(name: str) -> bytes:
    """Return the bytes with which every blind index made with the key `name` ends, after its 32 bytes of hash."""
    return b"" if name == FIRST_INDEX_KEY else name.encode()


def _field(context: str) -> str:
    """Return a context without the row that may follow it."""
    return context.partition("\0")[0]


def public_half(seed: bytes) -> bytes:
    """Return the public half of a signing key."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def signing_name(public: bytes) -> str:
    """Return the id of a signing key, from its public half."""
    return hashlib.sha256(public).hexdigest()[:16]
