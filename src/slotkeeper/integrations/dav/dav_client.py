"""Requests to one CalDAV server in the name of one account (RFC 4918, RFC 4791)."""

from collections.abc import Mapping, Sequence

import msgspec

from slotkeeper.errors import Malformed
from slotkeeper.integrations.dav.multistatus import NotWebDav, Resource, read_multistatus
from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.outbound.client import Dialling, Response, request
from slotkeeper.outbound.outcomes import ErrorCodes, require_success, retry_after
from slotkeeper.records.connection import Connection
from slotkeeper.settings import Network

RECONNECT = "calendar_reconnect"
REJECTED = "calendar_rejected"
_CODES = ErrorCodes(reconnect=RECONNECT, gone=REJECTED, rejected=REJECTED)
_LOCKED = 423  # RFC 4918 section 11.3
_DIALLING = Dialling(max_body=16 * 1024 * 1024)  # a year of a full calendar


class DavClient(msgspec.Struct, frozen=True, kw_only=True):
    username: str
    password: str
    allow_networks: Sequence[Network]

    def __repr__(self) -> str:
        return f"DavClient(username={self.username!r})"

    async def send(self, method: str, url: str, *, headers: Mapping[str, str], body: str = "") -> Response:
        """Any answer. Raises ``Later`` where there is none, ``AddressRefused`` where the address may not be dialled."""
        return await request(
            method,
            url,
            headers=headers,
            content=body.encode(),
            allow_networks=self.allow_networks,
            auth=(self.username, self.password),
            dialling=_DIALLING,
        )

    async def ask(self, method: str, url: str, *, body: str, depth: int) -> Response:
        """PROPFIND and REPORT: a question put in XML."""
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": str(depth)}
        return await self.send(method, url, headers=headers, body=body)


def client_for(connection: Connection, allow_networks: Sequence[Network]) -> DavClient:
    """Raises ``Malformed`` naming the credential that is missing."""
    for field in ("username", "password"):
        if not connection.credentials.get(field):
            raise Malformed.field(field, "is missing")
    username, password = connection.credentials["username"], connection.credentials["password"]
    return DavClient(username=username, password=password, allow_networks=allow_networks)


def require_done(response: Response) -> None:
    """Nothing for 2xx. Raises ``Later`` for what may pass, a lock included; else ``PersonMustAct``."""
    if response.status == _LOCKED:
        raise Later("the event is locked", retry_in=retry_after(response))
    require_success(response, _CODES)


def resources_in(response: Response) -> Sequence[Resource]:
    """Raises like ``require_done``, and ``PersonMustAct`` for an answer that is no WebDAV or too long to be read."""
    require_done(response)
    if response.truncated:
        raise PersonMustAct("the calendar's answer is too long", error_code=REJECTED)
    try:
        return read_multistatus(response.content)
    except NotWebDav as error:
        raise PersonMustAct(f"the answer is not WebDAV: {error}", error_code=REJECTED) from error
