"""Which addresses may be asked: names are looked at before, numbers at the moment of connecting."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from yarl import URL

from indexer.fetch.reasons import FetchError

_LONGEST = 8_192
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Addresses that the current task was not let connect to; `None` where nobody asks.
refused_now: ContextVar[list[str] | None] = ContextVar("refused_now", default=None)


class RefusedAddressError(OSError):
    """An address that is not public."""


def checked_url(text: str) -> URL:
    """A URL that may be asked for.

    Raises:
        FetchError: `bad_url` or `refused_scheme`.
    """
    stripped = text.strip()
    if len(stripped) > _LONGEST:
        raise FetchError("bad_url", f"The address has {len(stripped):,} characters.")
    try:
        url = URL(stripped)
        host, _port = url.host, url.port
    except ValueError as error:
        raise FetchError("bad_url", f"The address cannot be read: {error}.") from None
    if url.scheme not in ("http", "https"):
        raise FetchError("refused_scheme", f"'{url.scheme[:40]}' is neither http nor https.")
    if not host:
        raise FetchError("bad_url", "The address names no host.")
    if url.user is not None or url.password is not None:
        raise FetchError("bad_url", "The address holds a user name.")
    if any(character.isspace() or ord(character) < 32 for character in host):
        raise FetchError("bad_url", "The address names a host that cannot be.")
    return url


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the public Internet.

    Addresses of IPv4 inside those of IPv6 (mapped, 6to4, Teredo, NAT64) are judged by what they lead to.
    """
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        inner = _inside(number)
        if inner:
            return all(is_public(str(one)) for one in inner)
        if number.is_site_local:
            return False
    return (
        number.is_global
        and not number.is_multicast
        and not number.is_reserved
        and not number.is_unspecified
        and not number.is_loopback
        and not number.is_link_local
    )


def _inside(number: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    if number.ipv4_mapped is not None:
        return [number.ipv4_mapped]
    if number.sixtofour is not None:
        return [number.sixtofour]
    if number.teredo is not None:
        return list(number.teredo)
    if number in _NAT64 or int(number) >> 32 == 0:
        return [ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)]
    return []


def socket_factory(*, allow_private: bool) -> Callable[[Any], socket.socket]:
    """What makes the socket for each connection of aiohttp's connector.

    It is given the very address that is connected to next, whether it was resolved or written in the URL,
    first or after a redirect, so that nothing can change between the check and the connection.
    """

    def make(info: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
        family, kind, protocol, _name, address = info
        if not allow_private and not is_public(str(address[0])):
            refused = refused_now.get()
            if refused is not None:
                refused.append(str(address[0]))
            raise RefusedAddressError(f"{address[0]} is not public")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    return make
