"""Keys that live outside the database and outside its backups, and what is done with them."""

import functools
import hashlib
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FILE = "keyring.json"


class KeyringBroken(RuntimeError):
    """The key file is missing, unreadable, or does not hold the key a value was sealed with."""


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation. `current` names the key that new values are sealed with."""

    current: str
    sealing: dict[str, bytes]
    index: bytes
    lines: bytes
    signing: bytes

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt `text` (AES-256-GCM) bound to `context`, e.g. "people.person.phone"; the key's id leads the bytes."""
        nonce = os.urandom(12)
        name = self.current.encode()
        sealed = AESGCM(self.sealing[self.current]).encrypt(nonce, text.encode(), context.encode())
        return bytes([len(name)]) + name + nonce + sealed

    def unseal(self, blob: bytes, context: str) -> str:
        """Return the text that `seal` took.

        Raises:
            KeyringBroken: unknown key, changed bytes, or another context.
        """
        end = 1 + (blob[0] if blob else 0)
        name, nonce, sealed = blob[1:end].decode(errors="replace"), blob[end : end + 12], blob[end + 12 :]
        try:
            return AESGCM(self.sealing[name]).decrypt(nonce, sealed, context.encode()).decode()
        except (KeyError, ValueError, InvalidTag) as error:
            raise KeyringBroken(f"a value of {context} cannot be opened with key {name!r}") from error

    def blind(self, text: str, context: str) -> bytes:
        """Return a keyed hash of `text` for exact look-up (32 bytes); the same text elsewhere gives another hash."""
        return hmac.digest(self.index, context.encode() + b"\0" + text.encode(), "sha256")

    def authenticate(self, message: bytes) -> bytes:
        """Return the keyed hash (32 bytes) that shows a journal line was written by this house."""
        return hmac.digest(self.lines, message, "sha256")

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature (64 bytes) of `message`."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).sign(message)

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Tell whether `signature` is ours on `message`."""
        public: Ed25519PublicKey = Ed25519PrivateKey.from_private_bytes(self.signing).public_key()
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @property
    def signing_id(self) -> str:
        """Return the short name of the signing key: the head of its public half's hash."""
        public = Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw()
        return hashlib.sha256(public).hexdigest()[:16]


def create_keyring(folder: Path) -> Path:
    """Write a new key file (mode 0600) into `folder` unless one is there; return its path."""
    path = folder / FILE
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = {
        "current": "k1",
        "sealing": {"k1": _text(secrets.token_bytes(32))},
        "index": _text(secrets.token_bytes(32)),
        "lines": _text(secrets.token_bytes(32)),
        "signing": _text(secrets.token_bytes(32)),
        "web": secrets.token_urlsafe(50),
    }
    fresh = folder / f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(keys, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # a link, unlike a rename, never replaces keys that another process wrote first
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path


def read_keyring(folder: Path) -> Keyring:
    """Read the key file of `folder`.

    Raises:
        KeyringBroken: when it is missing or damaged.
    """
    path = folder / FILE
    try:
        keys = json.loads(path.read_text(encoding="utf-8"))
        return Keyring(
            current=keys["current"],
            sealing={name: b64decode(key) for name, key in keys["sealing"].items()},
            index=b64decode(keys["index"]),
            lines=b64decode(keys["lines"]),
            signing=b64decode(keys["signing"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyringBroken(
            f"the key file {path} cannot be read ({error}); restore it from where keys are kept"
        ) from error


@functools.cache
def keyring() -> Keyring:
    """Return the installation's keyring (`settings.LIUCHI_KEYS`), read once per process."""
    return read_keyring(Path(settings.LIUCHI_KEYS))


def _text(key: bytes) -> str:
    return b64encode(key).decode()
