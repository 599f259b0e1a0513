"""The time zones that people choose from: those with a place in their name, by region, and UTC."""

from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

_REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
Region = tuple[str, Sequence[tuple[str, str]]]
"""Its name, and its zones: the name in the IANA database, and what is shown."""


@cache
def regions() -> Sequence[Region]:
    zones = sorted(available_timezones())
    return [(region, [(zone, _place(zone)) for zone in zones if zone.startswith(f"{region}/")]) for region in _REGIONS]


def with_zone(zone: str) -> Sequence[Region]:
    """With one of its own for ``zone`` and UTC where they stand in none."""
    known = {name for _, zones in regions() for name, _ in zones}
    others = [(name, name) for name in dict.fromkeys((zone, "UTC")) if name not in known]
    return [*regions(), ("UTC", others)]


def _place(zone: str) -> str:
    return zone.partition("/")[2].replace("_", " ")
