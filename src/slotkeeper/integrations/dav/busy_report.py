"""Ask a calendar what blocks a time: by its events, so that ours are known again; else by free and busy alone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from slotkeeper.integrations.dav.busy_times import (
    NotExpanded,
    busy_events,
    free_busy_periods,
    without_known,
)
from slotkeeper.integrations.dav.dav_client import REJECTED, DavClient, require_done, resources_in
from slotkeeper.integrations.dav.multistatus import CALDAV
from slotkeeper.integrations.protocols import Busy
from slotkeeper.jobs.outcomes import PersonMustAct

_CANNOT_EXPAND = (400, 403, 501, 507)
"""How servers refuse ``expand``; 403 and 507 also say that the events would be too many (RFC 4791 section 7.8)."""


async def report_busy(
    dav: DavClient, calendar_url: str, start: datetime, end: datetime, zone: ZoneInfo
) -> Sequence[Busy]:
    """RFC 4791 sections 7.8 and 7.10; ``zone`` is that of days and floating times."""
    time_range = f'start="{_utc(start)}" end="{_utc(end)}"'
    answer = await dav.ask("REPORT", calendar_url, body=_CALENDAR_QUERY.format(time_range=time_range), depth=1)
    if answer.status in _CANNOT_EXPAND:
        return await report_free_busy(dav, calendar_url, start, end)
    objects = [ics for resource in resources_in(answer) if (ics := resource.text(f"{CALDAV}calendar-data"))]
    try:
        return [busy for busy in busy_events(objects, zone) if busy.start < end and start < busy.end]
    except NotExpanded as left:
        return without_known(await report_free_busy(dav, calendar_url, start, end), left.singles)


async def report_free_busy(dav: DavClient, calendar_url: str, start: datetime, end: datetime) -> Sequence[Busy]:
    """Without UIDs, so an event of ours blocks its own time."""
    time_range = f'start="{_utc(start)}" end="{_utc(end)}"'
    answer = await dav.ask("REPORT", calendar_url, body=_FREE_BUSY_QUERY.format(time_range=time_range), depth=1)
    require_done(answer)
    try:
        return free_busy_periods(answer.content.decode())
    except ValueError as error:
        raise PersonMustAct(f"the calendar's free-busy answer cannot be read: {error}", error_code=REJECTED) from error


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


_CALENDAR_QUERY = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
  <D:prop><C:calendar-data><C:expand {time_range}/></C:calendar-data></D:prop>
  <C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
    <C:time-range {time_range}/>
  </C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""

_FREE_BUSY_QUERY = """<?xml version="1.0" encoding="utf-8"?>
<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav"><C:time-range {time_range}/></C:free-busy-query>"""
