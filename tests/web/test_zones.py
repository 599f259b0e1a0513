from zoneinfo import available_timezones

import pytest

from slotkeeper.web.zones import with_zone


@pytest.mark.parametrize("zone", sorted({"UTC", "Etc/GMT+3", "CET", "Europe/Berlin", "America/Argentina/Buenos_Aires"}))
def test_every_zone_that_can_be_chosen_stands_once_in_the_list(zone: str) -> None:
    names = [name for _, zones in with_zone(zone) for name, _ in zones]
    assert names.count(zone) == 1
    assert len(names) == len(set(names)) > 400
    assert set(names) <= available_timezones()
