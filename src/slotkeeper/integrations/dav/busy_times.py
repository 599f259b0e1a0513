"""Which times do calendar objects block? Pure.

A day (an all-day event) and a floating time mean the given zone; so does a TZID that nobody can look up, whose wall
clock time is then the best there is.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vPeriod

from slotkeeper.availability.intervals import merge, subtract
from slotkeeper.integrations.protocols import Busy


class NotExpanded(Exception):
    """The server left a recurring event as one, with its rule; ``singles`` are the others."""

    def __init__(self, singles: Sequence[Busy]) -> None:
        super().__init__("recurring events were not expanded")
        self.singles = singles


def busy_events(objects: Iterable[str], zone: ZoneInfo) -> Sequence[Busy]:
    """The events in the answers of a calendar-query with ``expand``. Raises ``NotExpanded``.

    Cancelled ones are left out, as is one that cannot be read or takes no time; transparent ones are ``free``.
    """
    events = [event for ics in objects for event in _events(ics) if not _is(event, "STATUS", "CANCELLED")]
    singles = [busy for event in events if "RRULE" not in event and (busy := _busy(event, zone))]
    if any("RRULE" in event and not _is_free(event) for event in events):
        raise NotExpanded(singles)
    return singles


def free_busy_periods(ics: str) -> Sequence[Busy]:
    """The busy periods of a VFREEBUSY, which name no event (RFC 5545 section 3.6.4). Raises ``ValueError``."""
    properties = [vfreebusy.get("FREEBUSY", []) for vfreebusy in Calendar.from_ical(ics).walk("VFREEBUSY")]
    periods = [period for found in properties for period in (found if isinstance(found, list) else [found])]
    return [Busy(start=p.start, end=p.end) for p in periods if isinstance(p, vPeriod) and _is_busy(p)]


def without_known(periods: Sequence[Busy], singles: Sequence[Busy]) -> Sequence[Busy]:
    """The periods beside those of known events, and these: an event of ours can then be told from the rest."""
    blocking = [single for single in singles if not single.free]
    rest = subtract(merge(map(_seconds, periods)), merge(map(_seconds, blocking)))
    unnamed = [Busy(start=datetime.fromtimestamp(a, UTC), end=datetime.fromtimestamp(b, UTC)) for a, b in rest]
    return [*singles, *unnamed]


def _events(ics: str) -> Iterator[Event]:
    try:
        yield from (component for component in Calendar.from_ical(ics).walk("VEVENT") if isinstance(component, Event))
    except ValueError:
        return


def _is(event: Event, name: str, value: str) -> bool:
    return str(event.get(name, "")).upper() == value


def _is_free(event: Event) -> bool:
    return _is(event, "TRANSP", "TRANSPARENT")


def _busy(event: Event, zone: ZoneInfo) -> Busy | None:
    try:
        start, end = _instant(event.start, zone), _instant(event.end, zone)
    except ValueError:  # no DTSTART, or values that make no time
        return None
    if start >= end:
        return None
    uid, title = (str(event[name]) if name in event else None for name in ("UID", "SUMMARY"))
    return Busy(start=start, end=end, uid=uid, title=title, free=_is_free(event))


def _instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time.min, zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _is_busy(period: vPeriod) -> bool:
    return str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE"


def _seconds(busy: Busy) -> tuple[int, int]:
    return int(busy.start.timestamp()), int(busy.end.timestamp())
