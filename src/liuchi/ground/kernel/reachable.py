"""Which addresses this house may call: public ones over HTTPS, and what LIUCHI_OUTGOING_ALLOWED names.

Whoever may type an address into this house must not thereby reach what only the house reaches: its own machine, the
networks behind it, the metadata service of a cloud (server-side request forgery).
"""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

IP: TypeAlias = IPv4Address | IPv6Address
PORTS: Final = {"https": 443, "http": 80}
#: An address longer than this is none that anybody typed or copied.
LONGEST: Final = 1000

#: Of IPv6 only what is given out to networks (RFC 4291, 2.4) is public, without what leads elsewhere or nowhere:
#: protocol assignments with Teredo, documentation, 6to4.
_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC = tuple(IPv6Network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
#: Of IPv4 what the standard library may call public: protocol assignments, relays of 6to4, the host of a cloud.
_NOT_PUBLIC_4 = tuple(IPv4Network(each) for each in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
#: Addresses that stand for one of IPv4 behind them (RFC 6052); those of RFC 8215 are for within a network.
_TRANSLATED = IPv6Network("64:ff9b::/96")


class AddressRefused(ValueError):
    """This house does not call such an address; `code` says why. The address itself is not repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """Where an address leads: the host's name in ASCII, and what is asked for there."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Return scheme, host and port, as LIUCHI_OUTGOING_ALLOWED names them and as logs may show them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


@dataclass(frozen=True)
class Allowed:
    """What an installation allows beyond the public: networks over HTTPS, origins wherever their name leads."""

    networks: tuple[object, ...] = ()
    origins: frozenset[str] = frozenset()


def target_of(address: str) -> Target:
    """Return where an address leads.

    Raises:
        AddressRefused: it cannot be read, names a user, is not HTTPS, or has a port that nobody allowed.
    """
    target = _parsed(address)
    if target.origin in allowed().origins:
        return target
    if target.scheme != "https":
        raise AddressRefused("not_https")
    if target.port != PORTS["https"]:
        raise AddressRefused("port_not_allowed")
    return target


def require_reachable(target: Target, found: IP) -> None:
    """Refuse to connect to `found`, one of the addresses that a target's name leads to.

    Raises:
        AddressRefused: it is not public, and nothing allows it.
    """
    real = _behind(found)
    if real.is_multicast or real.is_unspecified or real.is_link_local:
        raise AddressRefused("address_not_allowed")
    known = allowed()
    if is_public(found) or target.origin in known.origins or any(real in each for each in known.networks):  # type: ignore[operator]
        return
    raise AddressRefused("address_not_allowed")


def is_public(found: IP) -> bool:
    """Tell whether anybody on the internet could reach this address."""
    real = _behind(found)
    if isinstance(real, IPv4Address):
        return real.is_global and not real.is_multicast and not any(real in each for each in _NOT_PUBLIC_4)
    return real in _UNICAST and real.is_global and not any(real in each for each in _NOT_PUBLIC)


def allowed() -> Allowed:
    """Return what LIUCHI_OUTGOING_ALLOWED names.

    Raises:
        ImproperlyConfigured: an entry is neither a network nor an origin.
    """
    return _read(settings.LIUCHI_OUTGOING_ALLOWED)


@lru_cache(maxsize=64)
def _read(text: str) -> Allowed:
    networks, origins = [], set()
    for entry in (each.strip() for each in text.split(",") if each.strip()):
        try:
            if "://" in entry:
                origins.add(_parsed(entry).origin)
            else:
                networks.append(ip_network(entry, strict=False))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"LIUCHI_OUTGOING_ALLOWED: {entry!r} is neither a network (10.1.0.0/16) nor an origin"
                " (https://inner.example:8443)"
            ) from error
    return Allowed(tuple(networks), frozenset(origins))


def _parsed(address: str) -> Target:
    if len(address) > LONGEST or any(ord(each) <= 32 or ord(each) == 127 for each in address) or "\\" in address:
        raise AddressRefused("unreadable_address")
    try:
        parts = urlsplit(address)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError as error:
        raise AddressRefused("unreadable_address") from error
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("user_in_address")
    if parts.scheme not in PORTS or not host or not parts.path.isascii() or not parts.query.isascii():
        raise AddressRefused("not_https" if parts.scheme not in PORTS else "unreadable_address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port if port is not None else PORTS[parts.scheme], path)


def _host(name: str) -> str:
    """Return a host's name as resolvers take it; one with a zone ("fe80::1%eth0") is no name of a host elsewhere."""
    if ":" in name:
        return str(ip_address(name)) if "%" not in name else ""
    return name.encode("idna").decode("ascii").rstrip(".").lower() if name else ""


def _behind(found: IP) -> IP:
    """Return the address that one stands for."""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return found.ipv4_mapped
        if found in _TRANSLATED:
            return IPv4Address(int(found) & 0xFFFF_FFFF)
    return found
