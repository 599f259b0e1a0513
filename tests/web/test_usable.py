"""Every page in a small window, in light and dark, by the keyboard alone, and with nothing from elsewhere."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from tests.support.booking_page import visited
from tests.support.browser import Browser
from tests.support.desk import MONDAY, a_monday
from tests.support.mailed import booked
from tests.support.office import Office
from tests.support.page_checks import from_elsewhere, nameless, out_of_reach, too_small, too_wide, unreadable

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenanprobe" * 2
TYPE = {
    "name": LONG,
    "description": LONG,
    "duration": 30,
    "channel": "custom",
    "customChannelLink": f"https://{LONG}.example/",
}


async def moved(office: Office) -> str:
    """A page where everything is there, and long."""
    await office.set_type(meeting_info=TYPE)
    appointment, link = await booked(office, language="de", timezone="Europe/Berlin")
    await office.move(appointment.id, MONDAY + timedelta(hours=1))
    return link


async def cancelled(office: Office) -> str:
    appointment, link = await booked(office, language="de")
    await office.cancel(appointment.id, LONG)
    return link


async def unconfirmed(office: Office) -> str:
    appointment, link = await booked(office)
    await office.execute("UPDATE appointments SET status = 'tentative' WHERE id = %(id)s", id=appointment.id)
    return link


async def booking_page(office: Office, query: str = "") -> str:
    """With everything that can be chosen."""
    options = {"allowedDurations": [15, 60], "allowSelectChannel": True, "allowedChannels": ["zoom", "phone"]}
    await office.set_type(meeting_info={**TYPE, "channel": "local"}, meeting_options=options, locations=[LONG, "B"])
    async with httpx.AsyncClient(base_url=office.settings.public_url) as client:
        return f"{office.settings.public_url}{(await visited(client, office)).path}{query}"


async def booking_form(office: Office) -> str:
    """With every kind of field but a password."""
    await office.set_type(crm_options={"crmOptInFieldName": LONG})
    return await booking_page(office, f"?channel=local&start={a_monday(3):%Y-%m-%dT%H:%M:%SZ}")


async def personal_page(office: Office) -> str:
    await office.execute(
        "UPDATE users SET given_name = %(long)s, title = %(long)s WHERE company_id = %(company_id)s", long=LONG
    )
    return (await booking_page(office)).rpartition("/")[0]


async def booked_page(office: Office) -> str:
    return (await moved(office)).replace("/a/", "/booked/")


def at(path: str) -> Callable[[Office], Awaitable[str]]:
    async def address(office: Office) -> str:
        return f"{office.settings.public_url}{path}"

    return address


PAGES = [
    pytest.param(moved, id="appointment"),
    pytest.param(cancelled, id="cancelled"),
    pytest.param(unconfirmed, id="unconfirmed"),
    pytest.param(at("/a/unknown"), id="not found"),
    pytest.param(booking_page, id="booking page"),
    pytest.param(booking_form, id="booking form"),
    pytest.param(booked_page, id="booked"),
    pytest.param(personal_page, id="personal page"),
    pytest.param(at("/problems"), id="error codes"),
    pytest.param(at("/problems/limit-reached"), id="error code"),
]
pages = pytest.mark.parametrize("address", PAGES)


@pages
@pytest.mark.parametrize("dark", [pytest.param(False, id="light"), pytest.param(True, id="dark")])
async def test_a_page_is_usable_in_a_window_of_360_pixels(
    office: Office, browser: Browser, address: Callable[[Office], Awaitable[str]], dark: bool
) -> None:
    browser.open(await address(office), width=360, dark=dark)
    assert too_wide(browser) == []
    assert too_small(browser) == []
    assert unreadable(browser) == []


@pages
async def test_a_page_is_usable_without_a_mouse_or_a_screen_and_loads_nothing_else(
    office: Office, browser: Browser, address: Callable[[Office], Awaitable[str]]
) -> None:
    browser.open(await address(office))
    assert browser.language in ("en", "de")
    assert browser.driver.title
    assert nameless(browser) == []
    assert out_of_reach(browser) == []
    assert from_elsewhere(browser) == []


BAD = """data:text/html,<meta http-equiv="Content-Security-Policy" content="script-src 'none'"><script>1</script>
<body style="background:white"><p style="color:silver;width:900px">x</p><img src="http://127.0.0.1:9/x.png">
<a href="x" tabindex="-1" style="display:block;height:5px"></a>"""


def test_what_makes_a_page_unusable_is_seen(browser: Browser) -> None:
    browser.open(BAD, width=360)
    for check in (too_wide, too_small, unreadable, nameless, out_of_reach, from_elsewhere):
        assert check(browser) != [], check.__name__
    assert any("Content Security Policy" in fault for fault in browser.faults())
