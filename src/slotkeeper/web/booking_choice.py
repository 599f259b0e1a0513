"""What a visitor has chosen so far, as the query of the page's address says it. Pure.

What cannot be meant is as if it were not there: an address that somebody shortened or kept for a year still opens.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec

from slotkeeper.appointments.booking_page import BookingPage
from slotkeeper.errors import Malformed
from slotkeeper.records.time_zone import time_zone

_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """``duration`` is minutes; ``timezone`` is the visitor's; ``one_time_link`` a mailed link's token."""

    duration: int
    channel: str
    timezone: str
    start: datetime | None
    one_time_link: str | None


def choice_of(page: BookingPage, query: Mapping[str, str]) -> Choice:
    info = page.offered.meeting_info
    duration = query.get("duration", "")
    channel = query.get("channel", "")
    return Choice(
        duration=int(duration) if duration in map(str, page.durations) else info.duration,
        channel=channel if channel in page.channels else info.channel,
        timezone=_zone(query.get("timezone"), page.timezone),
        start=start_of(query.get("start")),
        one_time_link=query.get("oneTimeLink") or None,
    )


def start_of(text: str | None) -> datetime | None:
    """In UTC; None for what is no instant."""
    try:
        start = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    plain = start.tzinfo is not None and not start.microsecond and _EARLIEST <= start < _LATEST
    return start.astimezone(UTC) if plain else None


def query_of(choice: Choice, page: BookingPage, **changed: str | int | None) -> str:
    """``?…`` of the same page with these choices instead, without those that are the usual ones."""
    info = page.offered.meeting_info
    usual = {"duration": info.duration, "channel": info.channel, "timezone": page.timezone}
    chosen = {
        "duration": choice.duration,
        "channel": choice.channel,
        "timezone": choice.timezone,
        "oneTimeLink": choice.one_time_link,
        **changed,
    }
    return "?" + urlencode({name: value for name, value in chosen.items() if value not in (None, usual.get(name))})


def instant_text(start: datetime) -> str:
    """As the query says an instant."""
    return f"{start:%Y-%m-%dT%H:%M:%SZ}"


def _zone(asked: str | None, usual: str) -> str:
    try:
        return time_zone("timezone", asked) if asked else usual
    except Malformed:
        return usual
