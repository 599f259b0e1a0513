"""A visitor at a booking page, in a real browser on a real server."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from tests.support.booking_page import nobody_counted, visited
from tests.support.browser import Browser
from tests.support.desk import a_monday
from tests.support.office import Office
from tests.support.page_checks import nameless, too_small, too_wide, unreadable

START = a_monday(3)
INFO = {"name": "First consultation", "duration": 30, "channel": "custom"}


@pytest.fixture
async def address(office: Office) -> AsyncIterator[str]:
    office.now = datetime.now(UTC)
    async with nobody_counted(office), httpx.AsyncClient() as client:
        yield f"{office.settings.public_url}{(await visited(client, office)).path}"


def at(address: str, start: datetime = START) -> str:
    return f"{address}?start={start:%Y-%m-%dT%H:%M:%SZ}"


def fill_in(browser: Browser) -> None:
    browser.type(firstname="Ann", lastname="Example", email="ann@example.org")
    browser.find("[name=policy]").click()


async def test_a_visitor_books_in_german_by_the_keyboard_alone_and_is_mailed_their_link(
    office: Office, browser: Browser, address: str
) -> None:
    browser.open(f"{address}?month={START:%Y-%m}", language="de", width=360)
    browser.tab_to(".days a")
    browser.enter()
    browser.tab_to(".times a")
    browser.enter()
    browser.tab_to("#firstname").send_keys("Ann")
    browser.tab_to("#lastname").send_keys("Example")
    browser.tab_to("#email").send_keys("ann@example.org")
    browser.tab_to("[name=policy]").send_keys(Keys.SPACE)
    browser.tab_to(".actions button")
    browser.enter()
    assert (browser.language, browser.find("h1").text) == ("de", "Ihr Termin ist gebucht")
    own = browser.find(".button.main").get_attribute("href")
    await office.work()
    [mail] = office.mail.to("ann@example.org")
    body = mail.get_body(("plain",))
    assert body is not None
    assert str(own) in body.get_content()
    browser.press(".button.main")
    assert browser.driver.current_url == own


async def test_a_double_click_books_once(office: Office, browser: Browser, address: str) -> None:
    await office.set_type(meeting_info={**INFO, "groupBooking": True}, spots=5)
    browser.open(at(address))
    fill_in(browser)
    button = browser.find(".actions button")
    browser.leave(webdriver.ActionChains(browser.driver).double_click(button).perform)
    assert browser.find("h1").text == "Your appointment is booked"
    attendees = await office.rows("SELECT id FROM attendees WHERE company_id = %(company_id)s")
    assert len(attendees) == 1


@pytest.mark.parametrize("dark", [pytest.param(False, id="light"), pytest.param(True, id="dark")])
async def test_who_was_too_late_takes_one_of_the_nearest_times_without_typing_again(
    office: Office, browser: Browser, address: str, dark: bool
) -> None:
    browser.open(at(address), width=360, dark=dark)
    fill_in(browser)
    await office.book(START)
    browser.press(".actions button")
    assert "Somebody was quicker" in browser.find("[role=alert]").text
    assert (too_wide(browser), too_small(browser), unreadable(browser), nameless(browser)) == ([], [], [], [])
    browser.faults()  # that the page was refused with 409
    browser.press(".actions button")
    assert browser.find("h1").text == "Your appointment is booked"
    appointments = await office.rows("SELECT start_at FROM appointments WHERE company_id = %(company_id)s")
    assert len(set(appointments)) == 2


async def test_what_is_wrong_has_the_focus_and_says_so(office: Office, browser: Browser, address: str) -> None:
    await office.set_type(meeting_info={**INFO, "channel": "phone"})
    browser.open(at(address), language="de", width=360)
    fill_in(browser)
    browser.type(phone="später")
    browser.press(".actions button")
    focused = browser.driver.switch_to.active_element
    assert (focused.get_attribute("id"), focused.get_attribute("aria-describedby")) == ("phone", "phone-wrong")
    assert browser.find("#phone-wrong").text == "Das ist keine Telefonnummer."
    assert browser.find("#email").get_attribute("value") == "ann@example.org"
    assert (too_wide(browser), too_small(browser), unreadable(browser)) == ([], [], [])
    browser.faults()


async def test_another_zone_shows_the_same_times_by_its_own_clock(browser: Browser, address: str) -> None:
    browser.open(f"{address}?day={START:%Y-%m-%d}")
    first = browser.find(".times a")
    assert first.text == "9:00 AM"
    Select(browser.find("#timezone")).select_by_value("Asia/Tokyo")
    browser.press(".zone-form button")
    assert browser.find("h2.day").text == f"{START:%A, %B} {START.day}, {START.year}"
    assert browser.find(".times a").text in ("4:00 PM", "5:00 PM")
    browser.press(".times a")
    assert "Japan" in browser.find(".when .zone").text


async def test_after_the_booking_the_browser_goes_on_to_another_server(
    office: Office, browser: Browser, address: str
) -> None:
    elsewhere = f"{office.settings.public_url.replace('127.0.0.1', 'localhost')}/problems"
    await office.set_type(meeting_info={**INFO, "enableRedirect": True, "redirect": elsewhere})
    browser.open(at(address))
    fill_in(browser)
    browser.press(".actions button")
    assert browser.driver.current_url == elsewhere


async def test_what_a_visitor_and_a_host_typed_is_shown_and_never_run(
    office: Office, browser: Browser, address: str
) -> None:
    evil = "<script>document.title = 'run'</script>"
    await office.set_type(
        meeting_info={**INFO, "name": evil, "description": evil}, crm_options={"crmOptInFieldName": evil}
    )
    browser.open(at(address))
    assert browser.find("h1").text == evil
    fill_in(browser)
    browser.type(firstname=evil, guests="nobody")
    browser.press(".actions button")
    assert browser.find("#firstname").get_attribute("value") == evil
    assert browser.ask("return document.title") == evil
    browser.faults()
