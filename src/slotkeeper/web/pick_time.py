"""Choosing a day and a time on a page without scripts: a month of days, and the free times of one. Pure.

    month = month_asked(request's month, request's day, zone, now)
    found = the free slots in [month.start, month.end)
    page(…, picker=pick_time(month, found.starts, found.earliest, locale, now))   {% include "pick_time.html" %}

Every link is a query of the page's own address: ``?month=2026-03``, ``?day=2026-03-10``, and ``?start=`` the chosen
instant in UTC, with whatever else the page has to keep.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names, get_timezone_gmt

from slotkeeper.availability.local_days import start_of_day
from slotkeeper.emails.when import full_date, time_of_day, when

_EPOCH = date(1970, 1, 1)
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
Keep = Mapping[str, str]


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at, on the calendar of ``timezone``. ``day`` None: whichever has times first.

    ``asked``: whether somebody chose it; else the page may show another month, if this one has nothing free.
    """

    first: date
    day: date | None
    timezone: str
    asked: bool

    @property
    def start(self) -> datetime:
        return _midnight(self.first, self.timezone)

    @property
    def end(self) -> datetime:
        return _midnight(_later(self.first), self.timezone)

    def with_start(self, instant: int) -> "Month":
        """The month of a free start, in Unix seconds."""
        day = _local(instant, self.timezone).date()
        return msgspec.structs.replace(self, first=day.replace(day=1), day=day)


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """``link`` None: it has no free time."""

    number: int
    name: str
    link: str | None
    chosen: bool


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    link: str


class PickTime(msgspec.Struct, frozen=True, kw_only=True):
    """What the template shows. ``blanks`` is how many weekdays go before the first of the month.

    ``first_free`` leads to where there are times, if the month has none.
    """

    title: str
    earlier: str | None
    later: str | None
    weekdays: tuple[str, ...]
    blanks: int
    days: tuple[Day, ...]
    chosen: str | None
    times: tuple[Choice, ...]
    zone: str
    first_free: Choice | None


def month_asked(month: str | None, day: str | None, timezone: str, default: datetime) -> Month:
    """``YYYY-MM`` and ``YYYY-MM-DD`` as an address bar has them: what is no date is not asked for.

    ``timezone`` must be a known one. Without a choice: the month of ``default``.
    """
    chosen = _date(day or "")
    first = chosen or _date(f"{month}-01") or default.astimezone(ZoneInfo(timezone)).date()
    asked = chosen is not None or _date(f"{month}-01") is not None
    return Month(first=first.replace(day=1), day=chosen, timezone=timezone, asked=asked)


def pick_time(
    month: Month, starts: Sequence[int], earliest: int | None, locale: Locale, now: datetime, keep: Keep | None = None
) -> PickTime:
    """``starts``: Unix seconds within the month, sorted; ``earliest``: the first free one, there or later."""
    by_day: dict[date, list[datetime]] = {}
    for start in starts:
        local = _local(start, month.timezone)
        by_day.setdefault(local.date(), []).append(local)
    chosen = month.day or next(iter(by_day), None)
    kept = keep or {}
    return PickTime(
        title=format_skeleton("yMMMM", month.first, locale=locale),
        earlier=_earlier_link(month, now, kept),
        later=_month_link(_later(month.first), kept) if _later(month.first) < _LAST_DAY else None,
        weekdays=_weekdays(locale),
        blanks=(month.first.weekday() - locale.first_week_day) % 7,
        days=tuple(_day(day, by_day, chosen, locale, kept) for day in _days(month.first)),
        chosen=full_date(chosen, locale) if chosen else None,
        times=choices(by_day.get(chosen, ()) if chosen else (), locale, kept),
        zone=_zone(month, by_day, chosen, locale),
        first_free=None if by_day or earliest is None else _first_free(month, earliest, locale, kept),
    )


def choices(starts: Sequence[datetime], locale: Locale, keep: Keep, *, dated: bool = False) -> tuple[Choice, ...]:
    """Links to starts that have a zone; ``dated``: with their day. An hour that a clock shows twice has its offset."""
    texts = [_text(start, locale, dated=dated) for start in starts]
    times = Counter(texts)
    return tuple(
        Choice(
            text=text if times[text] == 1 else f"{text} ({get_timezone_gmt(start, 'long', locale=locale)})",
            link=_link({"start": f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}, keep),
        )
        for start, text in zip(starts, texts, strict=True)
    )


def _text(start: datetime, locale: Locale, *, dated: bool) -> str:
    time = time_of_day(start, locale)
    return f"{format_date(start, 'full', locale=locale)}, {time}" if dated else time


def _day(day: date, by_day: Mapping[date, object], chosen: date | None, locale: Locale, keep: Keep) -> Day:
    link = _link({"day": day.isoformat()}, keep) if day in by_day else None
    return Day(number=day.day, name=full_date(day, locale), link=link, chosen=day == chosen)


def _days(first: date) -> list[date]:
    return [first.replace(day=day) for day in range(1, monthrange(first.year, first.month)[1] + 1)]


def _weekdays(locale: Locale) -> tuple[str, ...]:
    names = get_day_names("abbreviated", locale=locale)
    return tuple(names[(locale.first_week_day + weekday) % 7] for weekday in range(7))


def _zone(month: Month, by_day: Mapping[date, Sequence[datetime]], chosen: date | None, locale: Locale) -> str:
    shown = by_day.get(chosen) if chosen else None
    since, until = (shown[0], shown[-1]) if shown else (month.start, month.start)
    return when(since, until, month.timezone, locale).zone


def _first_free(month: Month, earliest: int, locale: Locale, keep: Keep) -> Choice:
    day = _local(earliest, month.timezone).date()
    return Choice(text=full_date(day, locale), link=_link({"day": day.isoformat()}, keep))


def _earlier_link(month: Month, now: datetime, keep: Keep) -> str | None:
    """None where all before has passed."""
    return _month_link((month.first - timedelta(days=1)).replace(day=1), keep) if month.start > now else None


def _month_link(first: date, keep: Keep) -> str:
    return _link({"month": f"{first:%Y-%m}"}, keep)


def _link(query: Keep, keep: Keep) -> str:
    return f"?{urlencode({**keep, **query})}"


def _date(text: str) -> date | None:
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        return None
    return parsed if _FIRST_DAY <= parsed <= _LAST_DAY else None


def _later(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _midnight(day: date, timezone: str) -> datetime:
    return datetime.fromtimestamp(start_of_day(timezone, (day - _EPOCH).days), UTC)


def _local(instant: int, timezone: str) -> datetime:
    return datetime.fromtimestamp(instant, ZoneInfo(timezone))
