"""The VTIMEZONE that goes with a TZID (RFC 5545 section 3.6.5), made of icalendar's components.

Not by icalendar's ``Timezone.from_tzinfo``: in 7.3 it tells spring's onset by the new clock instead of the old one, and
steps over changes that last only weeks, such as Morocco's at Ramadan.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1024)
def vtimezone(zone: ZoneInfo, first_year: int, last_year: int) -> str:
    """Lines with CRLF that hold for local times of these years. Memoised: making one takes about a millisecond."""
    begin = datetime(first_year, 1, 1, tzinfo=zone)
    component = Timezone()
    component.add("TZID", zone.key)
    component.add_component(_observance(begin, _offset(begin)))
    for change in _changes(begin.astimezone(UTC), date(last_year + 1, 1, 2), zone):
        component.add_component(_observance(change.astimezone(zone), _offset((change - _SECOND).astimezone(zone))))
    return str(component.to_ical(), "utf-8")


def _observance(onset: datetime, before: timedelta) -> TimezoneStandard | TimezoneDaylight:
    """What holds from ``onset`` on, which is told by the clock that it ends."""
    observance = TimezoneDaylight() if (onset.dst() or timedelta()) > timedelta() else TimezoneStandard()
    observance.DTSTART = (onset.astimezone(UTC) + before).replace(tzinfo=None)
    observance.TZOFFSETFROM, observance.TZOFFSETTO = before, _offset(onset)
    observance.add("TZNAME", onset.tzname())
    return observance


def _changes(instant: datetime, until: date, zone: ZoneInfo) -> Iterator[datetime]:
    """The first instants (UTC) of other offsets; no zone changes its offset twice in a day."""
    while instant.date() < until:
        if _offset(instant.astimezone(zone)) != _offset((instant + _DAY).astimezone(zone)):
            yield _change_within(instant, zone)
        instant += _DAY


def _change_within(day: datetime, zone: ZoneInfo) -> datetime:
    old, length = _offset(day.astimezone(zone)), int(_DAY / _SECOND)
    seconds = bisect_left(range(length), True, key=lambda s: _offset((day + s * _SECOND).astimezone(zone)) != old)
    return day + seconds * _SECOND


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()
