"""Time zones by their IANA names."""

from zoneinfo import ZoneInfo


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of that name, or UTC where this machine's tz database has none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
