import pytest

from slotkeeper.integrations.calendars.caldav.settings import load_caldav_settings


def test_networks_that_cannot_be_read_name_their_variable() -> None:
    with pytest.raises(ValueError, match="SLOTKEEPER_CALDAV_ALLOW_NETWORKS"):
        load_caldav_settings({"SLOTKEEPER_CALDAV_ALLOW_NETWORKS": "home"})
