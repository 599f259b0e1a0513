"""Find the calendars of an account, from an address that a person typed (RFC 6764 section 6, RFC 4791 section 6.2)."""

from collections.abc import Iterator, Sequence
from urllib.parse import urljoin, urlsplit

import msgspec
from icalendar import Calendar

from slotkeeper.errors import Malformed
from slotkeeper.integrations.dav.dav_client import DavClient
from slotkeeper.integrations.dav.multistatus import CALDAV, DAV, NotWebDav, Resource, read_multistatus

_MOST_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)
_MAY_WRITE = {f"{DAV}all", f"{DAV}write", f"{DAV}write-content"}


class CalendarCollection(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``href`` is absolute. ``timezone``: the calendar's own, where the server tells (RFC 4791 section 5.2.2)."""

    href: str
    display_name: str
    writable: bool
    timezone: str | None


async def find_calendars(dav: DavClient, url: str) -> Sequence[CalendarCollection]:
    """Those at ``url`` itself, else those of the principal that it, its well-known address or its root names.

    Raises ``Malformed`` for a wrong password, and for an address where no CalDAV server answers.
    """
    for path in ("", "/.well-known/caldav", "/"):
        at, resources = await _properties(dav, urljoin(url, path), depth=0)
        if calendars := [*_calendars(at, resources)]:
            return calendars
        if principal := _inner_href(at, resources, f"{DAV}current-user-principal"):
            return await _calendars_of(dav, principal)
    raise Malformed.field("url", "no CalDAV server answers there")


async def calendar_at(dav: DavClient, url: str) -> Sequence[CalendarCollection]:
    """The calendar that lies there. Raises ``Malformed`` for a wrong password, and where there is none."""
    at, resources = await _properties(dav, url, depth=0)
    if calendars := [*_calendars(at, resources)]:
        return calendars
    raise Malformed.field("calendarUrl", "there is no calendar for events")


async def _calendars_of(dav: DavClient, principal: str) -> Sequence[CalendarCollection]:
    at, resources = await _properties(dav, principal, depth=0)
    home = _inner_href(at, resources, f"{CALDAV}calendar-home-set")
    if home is None:
        raise Malformed.field("url", "the server has no calendars for this account")
    at, resources = await _properties(dav, home, depth=1)
    return [*_calendars(at, resources)]


async def _properties(dav: DavClient, url: str, *, depth: int) -> tuple[str, Sequence[Resource]]:
    """Where redirects led, and what is there; nothing where no WebDAV answers."""
    for _ in range(1 + _MOST_REDIRECTS):
        answer = await dav.ask("PROPFIND", url, body=_PROPFIND, depth=depth)
        if answer.status == 401:
            raise Malformed.field("password", "the server refuses this user name and password")
        if answer.status not in _REDIRECTS or "location" not in answer.headers:
            break
        url = _onward(url, answer.headers["location"])
    try:
        return url, read_multistatus(answer.content) if answer.status == 207 else []
    except NotWebDav:
        return url, []


def _inner_href(base: str, resources: Sequence[Resource], name: str) -> str | None:
    found = next((href for resource in resources if (href := resource.inner_href(name))), None)
    return None if found is None else _onward(base, found)


def _onward(base: str, href: str) -> str:
    """Where the server sends us. The password goes along, so only to the same server or over TLS."""
    try:
        target = urljoin(base, href.strip())
    except ValueError as error:
        raise Malformed.field("url", f"the server leads to {href}, which is no address") from error
    if urlsplit(target).scheme != "https" and urlsplit(target)[:2] != urlsplit(base)[:2]:
        raise Malformed.field("url", f"the server leads to {target}, where the password would travel unencrypted")
    return target


def _calendars(base: str, resources: Sequence[Resource]) -> Iterator[CalendarCollection]:
    for resource in resources:
        if _holds_events(resource):
            href = _onward(base, resource.href)
            yield CalendarCollection(
                href=href if href.endswith("/") else f"{href}/",
                display_name=resource.text(f"{DAV}displayname") or "",
                writable=_is_writable(resource),
                timezone=_timezone(resource.text(f"{CALDAV}calendar-timezone")),
            )


def _holds_events(resource: Resource) -> bool:
    """A calendar whose components are not told takes all of them (RFC 4791 section 5.2.3)."""
    kind = resource.properties.get(f"{DAV}resourcetype")
    if kind is None or kind.find(f"{CALDAV}calendar") is None:
        return False
    components = resource.properties.get(f"{CALDAV}supported-calendar-component-set")
    return components is None or any(comp.get("name") == "VEVENT" for comp in components)


def _is_writable(resource: Resource) -> bool:
    """One whose privileges are not told may be (RFC 3744 section 5.4)."""
    privileges = resource.properties.get(f"{DAV}current-user-privilege-set")
    return privileges is None or any(granted.tag in _MAY_WRITE for granted in privileges.iterfind(f"{DAV}privilege/*"))


def _timezone(vtimezone: str | None) -> str | None:
    try:
        zones = Calendar.from_ical(vtimezone or "", multiple=True)
        return next((str(zone["TZID"]) for calendar in zones for zone in calendar.walk("VTIMEZONE")), None)
    except (ValueError, KeyError):
        return None


_PROPFIND = """<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>
  <D:resourcetype/><D:displayname/><D:current-user-principal/><D:current-user-privilege-set/>
  <C:calendar-home-set/><C:supported-calendar-component-set/><C:calendar-timezone/>
</D:prop></D:propfind>"""
