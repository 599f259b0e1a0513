"""The one HTTP client: pinned to the checked address, bounded in time and size, without redirects or proxies.

A kept connection goes to the same host, port and address as the request that was checked; each request is checked.
"""

import asyncio
import ssl
from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
import msgspec

from slotkeeper.jobs.outcomes import Later
from slotkeeper.outbound.address_check import Checked, Resolver, check_address, system_resolver
from slotkeeper.outbound.kept import IDLE, Kept
from slotkeeper.settings import Network

Auth = httpx.Auth | tuple[str, str]


class Dialling(msgspec.Struct, frozen=True, kw_only=True):
    """How a call is made. Timeouts are seconds; ``max_body`` is the most bytes of an answer that are read."""

    connect_timeout: float = 5.0
    total_timeout: float = 30.0
    max_body: int = 64 * 1024
    resolve: Resolver = system_resolver
    tls: ssl.SSLContext | None = None
    """None trusts the public certificate authorities, or those that ``SSL_CERT_FILE`` names."""


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """``content`` is cut off at ``max_body`` bytes, and ``truncated`` says so."""

    status: int
    headers: httpx.Headers
    content: bytes
    truncated: bool
    received_at: datetime


USUAL = Dialling()
KeptClients = Kept[httpx.AsyncClient]


def kept_clients() -> KeptClients:
    """To be opened with ``async with``."""
    return Kept(httpx.AsyncClient.aclose)


async def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes,
    allow_networks: Sequence[Network],
    auth: Auth | None = None,
    dialling: Dialling = USUAL,
    kept: KeptClients | None = None,
) -> Response:
    """One request to an address that a person typed in; any status is an answer, a redirect too.

    Only what may arrive twice may use ``kept`` clients: should the server end a kept connection at the moment that it
    is used, the request is sent again at once.

    Raises ``AddressRefused`` (a person must act), and ``Later`` where there is no answer in time.
    """
    try:
        async with asyncio.timeout(dialling.total_timeout):
            checked = await check_address(url, allow_networks, dialling.resolve)
            message = _pinned(method, checked, headers, content)
            return await _exchange(message, auth, dialling, kept or kept_clients(), _key(checked, dialling))
    except (TimeoutError, httpx.TimeoutException) as error:
        raise Later("no answer in time") from error
    except httpx.RequestError as error:
        raise Later(f"no answer: {type(error).__name__} {error}") from error


def _pinned(method: str, checked: Checked, headers: Mapping[str, str], content: bytes) -> httpx.Request:
    """Goes to the checked IP address, while Host header, SNI and certificate keep to the name.

    The answer is asked for uncompressed, so that the cap on its bytes is a cap on memory.
    """
    return httpx.Request(
        method,
        checked.url.copy_with(host=str(checked.address)),
        headers={**headers, "host": checked.url.netloc.decode("ascii"), "accept-encoding": "identity"},
        content=content,
        extensions={"sni_hostname": checked.host},
    )


def _key(checked: Checked, dialling: Dialling) -> Hashable:
    """A pool of httpx's own knows connections by IP address, and would hand one host's to another."""
    return checked.url.scheme, checked.host, checked.address, checked.port, dialling.tls


async def _exchange(
    message: httpx.Request, auth: Auth | None, dialling: Dialling, kept: KeptClients, key: Hashable
) -> Response:
    while client := kept.take(key):
        try:
            return await _ask(client, message, auth, dialling, kept, key)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            continue
    return await _ask(_client(dialling), message, auth, dialling, kept, key)


async def _ask(
    client: httpx.AsyncClient,
    message: httpx.Request,
    auth: Auth | None,
    dialling: Dialling,
    kept: KeptClients,
    key: Hashable,
) -> Response:
    try:
        answer = await client.send(message, auth=auth, stream=True, follow_redirects=False)
        try:
            content = await _read(answer, dialling.max_body + 1)
        finally:
            await answer.aclose()
    except BaseException:
        await client.aclose()
        raise
    await kept.give_back(key, client)
    return Response(
        status=answer.status_code,
        headers=answer.headers,
        content=content[: dialling.max_body],
        truncated=len(content) > dialling.max_body,
        received_at=datetime.now(UTC),
    )


def _client(dialling: Dialling) -> httpx.AsyncClient:
    """For one request at a time, without a memory for cookies: its requests have nothing to do with each other."""
    return httpx.AsyncClient(
        verify=dialling.tls or _public_authorities(),
        trust_env=False,
        timeout=_timeout(dialling),
        limits=httpx.Limits(max_connections=1, keepalive_expiry=IDLE),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


async def _read(answer: httpx.Response, most: int) -> bytes:
    content = bytearray()
    async for chunk in answer.aiter_raw():
        content += chunk
        if len(content) >= most:
            break
    return bytes(content)


def _timeout(dialling: Dialling) -> httpx.Timeout:
    return httpx.Timeout(dialling.total_timeout, connect=dialling.connect_timeout)


@cache
def _public_authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context()
