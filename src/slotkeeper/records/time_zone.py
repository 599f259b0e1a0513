"""Time zones as requests name them."""

from zoneinfo import available_timezones

from slotkeeper.errors import Malformed

_ZONES = frozenset(available_timezones())


def time_zone(field: str, name: str) -> str:
    """Raises ``Malformed`` for a name that is not in the IANA database."""
    if name not in _ZONES:
        raise Malformed.field(field, f"{name!r} is not an IANA time zone")
    return name
