"""When zones change their clocks, found by looking at every quarter of an hour."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

ZONES = [
    "Europe/Berlin",
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Nuuk",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Etc/UTC",
]


@cache
def clock_changes(zone: ZoneInfo, year: int) -> tuple[datetime, ...]:
    """The first instants of new offsets within the year, UTC."""
    quarters = [datetime(year, 1, 2, tzinfo=UTC) + timedelta(minutes=15 * n) for n in range(96 * 362)]
    offsets = [instant.astimezone(zone).utcoffset() for instant in quarters]
    return tuple(quarters[n] for n in range(1, len(quarters)) if offsets[n] != offsets[n - 1])
