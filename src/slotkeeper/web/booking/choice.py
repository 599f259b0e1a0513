"""What a visitor has chosen so far, as the query of the page's address says it. Pure.

What cannot be meant is as if it were not there: an address that somebody shortened or kept for a year still opens.
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from slotkeeper.appointments.booking_page import BookingPage
from slotkeeper.errors import Malformed
from slotkeeper.records.people import Host
from slotkeeper.records.time_zone import time_zone


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """``duration`` is minutes; ``timezone`` is the visitor's; ``host`` None: whoever can; ``one_time_link`` a mailed
    link's token."""

    duration: int
    channel: str
    timezone: str
    host: Host | None
    one_time_link: str | None


def chosen_of(page: BookingPage, query: Mapping[str, str]) -> Chosen:
    info = page.offered.meeting_info
    usual_host = next(iter(page.choosable), None) if page.must_choose else None
    duration, channel = query.get("duration"), query.get("channel")
    return Chosen(
        duration=next((minutes for minutes in page.durations if str(minutes) == duration), info.duration),
        channel=channel if channel in page.channels else info.channel,
        timezone=_zone(query.get("timezone"), page.timezone),
        host=next((host for host in page.choosable if host.slug == query.get("host")), usual_host),
        one_time_link=query.get("oneTimeLink") or None,
    )


def kept(chosen: Chosen, page: BookingPage, **changed: object) -> dict[str, str]:
    """The query of the same page with these choices, ``changed`` ones instead, without those that are the usual."""
    info = page.offered.meeting_info
    usual = {"duration": info.duration, "channel": info.channel, "timezone": page.timezone}
    wanted = {
        "duration": chosen.duration,
        "channel": chosen.channel,
        "timezone": chosen.timezone,
        "host": chosen.host and chosen.host.slug,
        "oneTimeLink": chosen.one_time_link,
        **changed,
    }
    return {name: str(value) for name, value in wanted.items() if value is not None and value != usual.get(name)}


def link(query: Mapping[str, str]) -> str:
    """To the same page; without a query too."""
    return f"?{urlencode(query)}"


def instant_text(start: datetime) -> str:
    """As the query says an instant."""
    return f"{start:%Y-%m-%dT%H:%M:%SZ}"


def _zone(asked: str | None, usual: str) -> str:
    try:
        return time_zone("timezone", asked) if asked else usual
    except Malformed:
        return usual
