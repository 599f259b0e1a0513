"""A time range in a person's zone and language (CLDR formats by Babel)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale
from babel.dates import format_date, format_time, get_timezone_gmt, get_timezone_name

from slotkeeper.ics.zone import zone_or_utc


class When(msgspec.Struct, frozen=True, kw_only=True):
    """Such as ``Dienstag, 10. März 2026``, from ``15:00`` to ``15:30``, ``Mitteleuropäische Zeit, GMT+01:00``."""

    date: str
    time: str
    zone: str


def when(start: datetime, end: datetime, timezone: str, locale: Locale) -> When:
    """An end on another day names its day; an unknown zone is shown as UTC."""
    zone = zone_or_utc(timezone)
    first, last = start.astimezone(zone), end.astimezone(zone)
    until = time_of_day(last, locale)
    if last.date() != first.date():
        until = f"{full_date(last, locale)}, {until}"
    return When(
        date=full_date(first, locale),
        time=f"{time_of_day(first, locale)}{_TO}{until}",
        zone=_zone(zone, first, last, locale),
    )


def full_date(local: date, locale: Locale) -> str:
    return format_date(local, "full", locale=locale)


def time_of_day(local: datetime, locale: Locale) -> str:
    """Without CLDR's narrow space before AM and PM, which some mail programs show as a box."""
    return format_time(local, "short", tzinfo=local.tzinfo, locale=locale).replace("\u202f", " ")


def _zone(zone: ZoneInfo, first: datetime, last: datetime, locale: Locale) -> str:
    """The zone's name without "summer" or "standard", which Babel takes from ``dst()`` and so swaps for Dublin; the
    offset tells them apart. A meeting over the night of a clock change has two offsets."""
    placeless = "/" not in zone.key or zone.key.startswith("Etc/")
    name = zone.key if placeless else get_timezone_name(zone, locale=locale)
    offsets = dict.fromkeys(get_timezone_gmt(local, "long", locale=locale) for local in (first, last))
    return ", ".join([name, _TO.join(offsets)])


_TO = " \N{EN DASH} "
