"""The public holidays of a country, or of a German state, as whole days of a zone. Pure.

The dates and their names are the library's (python-holidays): what is a holiday by law in the whole country or state.
"""

from datetime import UTC, date, datetime
from typing import Literal

import holidays
import msgspec

from slotkeeper.availability.local_days import span

Country = Literal["DE", "AT", "BE", "CA", "DK", "NL", "EE", "FI", "FR", "IT", "NZ", "ES", "SE", "CH", "US"]
GermanState = Literal[
    "BW", "BY", "ST", "MV", "BE", "BB", "HE", "NW", "RP", "SL", "SN", "TH", "SH", "HH", "NI", "HB"
]  # fmt: skip
_EPOCH = date(1970, 1, 1)


class Holiday(msgspec.Struct, frozen=True, kw_only=True):
    """A whole day, [start, end): 23 or 25 hours where the clock changes on it."""

    start: datetime
    end: datetime
    title: str


def public_holidays(
    country: Country, state: GermanState | None, year: int, *, timezone: str, language: str
) -> list[Holiday]:
    """In order. ``state`` is one of Germany's. Titles are in ``language``, or the country's own where it has none."""
    named = holidays.country_holidays(country, subdiv=state, years=year, language=_library_language(country, language))
    days = ((span(timezone, (day - _EPOCH).days, 1), title) for day, title in sorted(named.items()))
    return [
        Holiday(start=_instant(interval[0]), end=_instant(interval[1]), title=title)
        for interval, title in days
        if interval is not None  # a date that the zone skips
    ]


def _library_language(country: Country, language: str) -> str | None:
    """The library's own tag, such as ``it_IT`` for ``it``. Without one it would look at the process's environment."""
    known = holidays.country_holidays(country)
    return next((tag for tag in known.supported_languages if tag.split("_")[0] == language), known.default_language)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
