"""May this server dial an address that a person typed in? Checked when it is saved and again when it is dialled.

The answer carries the IP address that was checked. Whoever dials goes to that one and does not ask the name again, so a
name that changes its mind between check and dial (DNS rebinding) gains nothing.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address

import httpx
import msgspec

from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.outbound.public_addresses import Address, is_public, unwrapped
from slotkeeper.settings import Network

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Given host and port, every IP address of the host. Raises ``OSError`` where there is none."""

MAX_URL_LENGTH = 2048
_PORTS = {"http": 80, "https": 443}


class AddressRefused(PersonMustAct):
    """The address may not be dialled; the message says why, in words for whoever typed it."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, error_code="address_refused")


class NoAddress(Later):
    """The name has no address at present. A name server that is down looks the same, so a job tries again."""

    def __init__(self, host: str) -> None:
        super().__init__(f"the host {host} has no address")
        self.host = host


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """``address`` is the one to dial; ``host`` the name (punycode) for the Host header, SNI and the certificate."""

    url: httpx.URL
    host: str
    address: Address
    port: int


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The machine's own resolver, in its order (RFC 6724). It also reads ``0x7f.1``, ``2130706433`` and the like."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


async def check_address(url: str, allow_networks: Sequence[Network], resolve: Resolver = system_resolver) -> Checked:
    """Every address of the host must be public or lie in ``allow_networks``.

    The allowed networks are the operator's own word and win over every refusal, metadata services included: allow
    the narrowest network that will do. Raises ``AddressRefused`` and ``NoAddress``.
    """
    parsed, port = _parse(url)
    host = parsed.raw_host.decode("ascii")
    addresses = await _resolve(host, port, resolve)
    for address in addresses:
        _require_reachable(host, address, allow_networks)
    return Checked(url=parsed, host=host, address=addresses[0], port=port)


def _parse(url: str) -> tuple[httpx.URL, int]:
    if len(url) > MAX_URL_LENGTH:
        raise AddressRefused(f"must have at most {MAX_URL_LENGTH} characters")
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise AddressRefused("must be a URL") from error
    if parsed.scheme not in _PORTS or not parsed.raw_host:
        raise AddressRefused("must be a URL with http:// or https:// and a host")
    if parsed.userinfo:
        raise AddressRefused("must not contain a user name or password")
    port = _PORTS[parsed.scheme] if parsed.port is None else parsed.port
    if not 1 <= port <= 65535:
        raise AddressRefused("must have a port between 1 and 65535")
    return parsed, port


async def _resolve(host: str, port: int, resolve: Resolver) -> Sequence[Address]:
    try:
        addresses = [ip_address(text) for text in await resolve(host, port)]
    except (OSError, UnicodeError) as error:  # UnicodeError: a label of more than 63 characters
        raise NoAddress(host) from error
    if not addresses:
        raise NoAddress(host)
    return addresses


def _require_reachable(host: str, address: Address, allow_networks: Sequence[Network]) -> None:
    reached = unwrapped(address)
    if not is_public(reached) and not any(reached in network for network in allow_networks):
        raise AddressRefused(f"the host {host} is at {address}, which is not a public address")
