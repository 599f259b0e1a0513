"""Does a text tell an instant in a person's zone and language? Pure, and apart from the code that renders mails."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from slotkeeper.demo.evidence import Person

_FORMS = ("full", "long", "medium", "short")


def line_with(text: str, instant: datetime, person: Person) -> str | None:
    """The first line that has both the local date and the local time, in any of the language's usual forms."""
    local = instant.astimezone(ZoneInfo(person.timezone))
    dates = {_plain(format_date(local, form, locale=person.language)) for form in _FORMS}
    times = {_plain(format_time(local, "short", locale=person.language)), f"{local:%H:%M}"}
    for line in map(_plain, text.splitlines()):
        if any(date in line for date in dates) and any(time in line for time in times):
            return line
    return None


def _plain(text: str) -> str:
    """CLDR puts narrow no-break spaces into times."""
    return " ".join(text.split())
