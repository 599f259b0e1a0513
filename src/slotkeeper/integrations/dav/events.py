"""One appointment's event in one calendar: there once, at the present time, with what others added to it.

The event's address is made of its UID, so an attempt that died after its PUT is found again by the next one.
"""

from collections.abc import Mapping
from urllib.parse import quote

from slotkeeper.integrations.dav.dav_client import REJECTED, DavClient, require_done
from slotkeeper.integrations.dav.merge import merge
from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.outbound.client import Response
from slotkeeper.records.connection import ExternalRef

_GONE = (404, 410)
_PRECONDITION_FAILED = 412
_PUTS = 4
_NOT_THERE_YET: Mapping[str, str] = {"If-None-Match": "*"}


def href_of(calendar_url: str, uid: str) -> str:
    return f"{calendar_url}{quote(uid, safe='')}.ics"


async def put_event(dav: DavClient, href: str, ours: str, ref: ExternalRef | None) -> str | None:
    """The ETag of what lies there now, if it is ours to the letter; None if it has to be read before the next PUT.

    None too where the server named no ETag, because it may have changed what it stored (RFC 4791 section 5.3.4).
    ``ref`` is what the last PUT left. Raises ``Later`` when others keep changing the event.
    """
    body, precondition = ours, _NOT_THERE_YET if ref is None else _still(ref.etag)
    for _ in range(_PUTS):
        if precondition is not None:
            answer = await _put(dav, href, body, precondition)
            if not _has_changed(answer, precondition):
                require_done(answer)
                return answer.headers.get("etag") if body == ours else None
        precondition, body = await _what_lies_there(dav, href, ours)
    raise Later("the event is being changed by others")


async def remove_event(dav: DavClient, href: str) -> None:
    """Unconditionally: others' edits do not keep a cancelled event. One that is gone already is done."""
    answer = await dav.send("DELETE", href, headers={})
    if answer.status not in _GONE:
        require_done(answer)


async def _put(dav: DavClient, href: str, body: str, precondition: Mapping[str, str]) -> Response:
    headers = {"Content-Type": "text/calendar; charset=utf-8", **precondition}
    return await dav.send("PUT", href, headers=headers, body=body)


def _has_changed(answer: Response, precondition: Mapping[str, str]) -> bool:
    """A 404 on creating says that the calendar itself is gone, which reading the event again would not change."""
    return answer.status == _PRECONDITION_FAILED or (answer.status in _GONE and precondition is not _NOT_THERE_YET)


async def _what_lies_there(dav: DavClient, href: str, ours: str) -> tuple[Mapping[str, str], str]:
    """The precondition that it still lies there, and ours merged into it."""
    answer = await dav.send("GET", href, headers={"Accept": "text/calendar"})
    if answer.status in _GONE:
        return _NOT_THERE_YET, ours
    require_done(answer)
    try:
        merged = merge(ours, answer.content.decode())
    except ValueError as error:
        raise PersonMustAct(f"the event in the calendar cannot be read: {error}", error_code=REJECTED) from error
    return _still(answer.headers.get("etag")) or {}, merged


def _still(etag: str | None) -> Mapping[str, str] | None:
    return None if etag is None else {"If-Match": etag}
