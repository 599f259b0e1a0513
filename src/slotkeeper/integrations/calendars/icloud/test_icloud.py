"""The adapter is CalDAV's; the address is its own. Another server that speaks CalDAV stands in for Apple's."""

from ipaddress import ip_network

import pytest
from tests.support.caldav_server import PASSWORD, USERNAME, CalDavServer, caldav_server

from slotkeeper.errors import Malformed
from slotkeeper.integrations.calendars.icloud import ICloud
from slotkeeper.integrations.dav.conftest import account_with
from slotkeeper.integrations.registry import form_of

__all__ = ["caldav_server"]


@pytest.fixture
def icloud(caldav_server: CalDavServer) -> ICloud:
    class Here(ICloud):
        server = caldav_server.url

    return Here((ip_network("127.0.0.0/8"),))


async def test_a_name_and_a_password_are_enough(icloud: ICloud, caldav_server: CalDavServer) -> None:
    calendar = await caldav_server.make_calendar("work")
    found = await icloud.check(account_with({}))
    assert (found["calendarUrl"], found["email"]) == (calendar, USERNAME)


async def test_an_address_that_somebody_types_is_not_asked(icloud: ICloud, caldav_server: CalDavServer) -> None:
    calendar = await caldav_server.make_calendar("work")
    found = await icloud.check(account_with({"url": "https://elsewhere.example/"}, password=PASSWORD))
    assert (found["url"], found["calendarUrl"]) == (caldav_server.url, calendar)


async def test_a_wrong_password_is_named(icloud: ICloud) -> None:
    with pytest.raises(Malformed, match="password"):
        await icloud.check(account_with({}, password="wrong"))


def test_people_type_a_name_and_a_password_and_no_address() -> None:
    assert [field.name for field in form_of("icloud").fields] == ["username", "password"]
    assert ICloud.server.startswith("https://")
