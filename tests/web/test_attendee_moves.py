"""An attendee moves, cancels and confirms on the page behind their link, in a real browser (invariants 15, 34, 39)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar

from slotkeeper.main import create_app
from slotkeeper.settings import Settings
from tests.support.browser import Browser
from tests.support.desk import MONDAY, NOW
from tests.support.mailed import booked
from tests.support.office import Office
from tests.support.page_checks import from_elsewhere, nameless, out_of_reach, too_small, too_wide, unreadable

from ..conftest import TEST_SECRET_KEY
from ..support.server_thread import served

TO = " \N{EN DASH} "
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenanprobe" * 2
GROUP = {"name": "Class", "duration": 30, "groupBooking": True, "channel": "jitsi"}


@pytest.fixture
def public_url(database_url: str) -> Iterator[str]:
    """Of a server at ``NOW``."""

    def app(url: str) -> Litestar:
        given = Settings(database_url=database_url, secret_key=TEST_SECRET_KEY, public_url=url)
        return create_app(given, clock=lambda: NOW)

    with served(app) as url:
        yield url


def texts(browser: Browser, selector: str) -> list[str]:
    return [element.text for element in browser.find_all(selector)]


def press_text(browser: Browser, words: str) -> None:
    """The link or button that says so."""
    [found] = [n for n, element in enumerate(browser.find_all("a, button")) if element.text == words]
    browser.ask(f"document.querySelectorAll('a, button')[{found}].id = 'wanted'")
    browser.press("#wanted")


async def test_an_attendee_picks_a_day_and_a_time_looks_at_both_and_moves(office: Office, browser: Browser) -> None:
    appointment, link = await booked(office, timezone="America/New_York")
    browser.open(link)
    press_text(browser, "Move the appointment")
    assert browser.find(".month h2").text == "December 2037"
    browser.press("a[aria-label='Wednesday, December 9, 2037']")
    assert browser.find(".days [aria-current=date]").text == "9"
    assert (texts(browser, ".times a")[0], browser.find(".zone").text[:12]) == ("3:00 AM", "Eastern Time")
    press_text(browser, "5:00 AM")
    assert browser.find("s").text == f"Monday, December 7, 2037, 4:00 AM{TO}4:30 AM"
    assert browser.find("strong").text == f"Wednesday, December 9, 2037, 5:00 AM{TO}5:30 AM"
    browser.type(reason="the train is late")
    press_text(browser, "Move the appointment")

    assert browser.driver.current_url == link
    assert browser.find(".when .time").text == f"5:00 AM{TO}5:30 AM"
    assert browser.find(".previous s").text.startswith("Monday, December 7, 2037")
    stored = (await office.get(appointment.id)).appointment
    assert stored.start == MONDAY + timedelta(days=2, hours=1)


async def test_a_move_on_the_page_is_told_and_recorded_like_any_other(office: Office, browser: Browser) -> None:
    await office.add_endpoint("booking_rescheduled")
    appointment, link = await booked(office)
    browser.open(f"{link}/move?start=2037-12-09T10:00:00Z")
    browser.type(reason="the train")
    press_text(browser, "Move the appointment")
    await office.work()
    assert len(office.mail.to("ann@example.org")) == 2
    assert "Moved" in str(office.mail.to("host@example.com")[-1]["subject"])
    assert "Ann Example" in office.mail.to("host@example.com")[-1].as_string()
    [delivery] = office.receiver.wait_for(1)
    assert msgspec.json.decode(delivery.body)["webhookType"] == "booking_rescheduled"
    [(actor, through, reason)] = await office.rows(
        "SELECT actor ->> 'kind', through, reason FROM changes WHERE appointment_id = %(id)s AND kind = 'rescheduled'",
        id=appointment.id,
    )
    assert (actor, through, reason) == ("attendee", "attendee link", "the train")


async def test_a_time_that_was_taken_meanwhile_leads_to_the_nearest_free_ones(office: Office, browser: Browser) -> None:
    _, link = await booked(office, timezone="Europe/Berlin", language="de")
    browser.open(f"{link}/move?start=2037-12-09T10:00:00Z", width=360)
    await office.book(MONDAY + timedelta(days=2, hours=1))
    press_text(browser, "Termin verschieben")
    assert browser.find("h1").text == "Diese Zeit ist nicht mehr frei"
    for check in (too_wide, too_small, unreadable, nameless, from_elsewhere, Browser.faults):
        assert check(browser) == [], check.__name__
    assert len(texts(browser, ".times a")) == 5
    assert "Mittwoch, 9. Dezember 2037, 10:30" in texts(browser, ".times a")
    press_text(browser, "Mittwoch, 9. Dezember 2037, 10:30")
    press_text(browser, "Termin verschieben")
    assert browser.find(".when .time").text == f"10:30{TO}11:00"


async def test_a_reason_that_is_asked_for_has_to_be_given(office: Office, browser: Browser) -> None:
    policy = {"enabled": True, "mode": "hours", "duration": 0, "reasonRequired": True}
    await office.set_type(rescheduling_policy=policy)
    _, link = await booked(office)
    browser.open(f"{link}/move?start=2037-12-09T10:00:00Z")
    assert browser.find("#reason").get_attribute("required")
    browser.type(reason="  ")
    press_text(browser, "Move the appointment")
    assert browser.find("#reason-wrong").text == "Please fill this in."
    assert browser.faults() == []
    browser.type(reason="flu")
    press_text(browser, "Move the appointment")
    assert browser.find(".when .date").text == "Wednesday, December 9, 2037"


@pytest.mark.parametrize(
    ("columns", "said", "buttons"),
    [
        pytest.param(
            {"spots": 1},
            [],
            ["Add to calendar", "Move the appointment", "Offer other times", "Cancel the appointment"],
            id="allowed",
        ),
        pytest.param(
            {
                "rescheduling_policy": {"enabled": True, "mode": "disabled"},
                "cancellation_policy": {"enabled": True, "mode": "disabled"},
            },
            ["can move this appointment.", "can cancel this appointment."],
            ["Add to calendar", "Offer other times"],
            id="disabled",
        ),
        pytest.param(
            {"rescheduling_policy": {"enabled": True, "mode": "days", "duration": 15}},
            ["It is too late to move"],
            ["Add to calendar", "Offer other times", "Cancel the appointment"],
            id="too late",
        ),
        pytest.param(
            {"meeting_info": GROUP, "spots": 2},
            ["This is the appointment of a group"],
            ["Add to calendar", "Cancel the appointment"],
            id="of a group",
        ),
    ],
)
async def test_what_an_attendee_may_not_do_is_said_in_a_sentence_and_has_no_button(
    office: Office, browser: Browser, columns: dict[str, Any], said: list[str], buttons: list[str]
) -> None:
    await office.set_type(**columns)
    _, link = await booked(office)
    browser.open(link)
    assert [text for text in texts(browser, ".actions a") if text != "Join"] == buttons
    assert [words for words in said if words not in browser.text] == []
    if "Move the appointment" not in buttons:
        browser.open(f"{link}/move")
        assert browser.driver.current_url == link


async def test_an_attendee_cancels_with_a_reason(office: Office, browser: Browser) -> None:
    appointment, link = await booked(office, language="de")
    browser.open(link)
    press_text(browser, "Termin absagen")
    assert "Montag, 7. Dezember 2037" in browser.text
    browser.type(reason="Grippe")
    press_text(browser, "Termin absagen")
    assert (browser.driver.current_url, browser.find(".state").text) == (link, "Abgesagt")
    assert "Grund: Grippe" in browser.text
    cancellation = (await office.get(appointment.id)).appointment.cancellation
    assert cancellation is not None
    assert (cancellation.source, cancellation.reason) == ("attendee", "Grippe")
    assert texts(browser, ".actions a") == ["Kalenderdatei"]


async def test_who_leaves_a_group_is_told_so_and_the_link_leads_nowhere_from_then_on(
    office: Office, browser: Browser
) -> None:
    await office.set_type(meeting_info=GROUP, spots=3)
    await office.book(attendee=office.attendee(email="bo@example.org"))
    appointment, link = await booked(office)
    browser.open(f"{link}/cancel")
    press_text(browser, "Give up my place")
    assert browser.find("h1").text == "You no longer take part"
    browser.open(link)
    assert browser.find("h1").text == "This link leads nowhere"
    stored = (await office.get(appointment.id)).appointment
    assert ([attendee.email for attendee in stored.attendees], stored.status) == (["bo@example.org"], "confirmed")


async def test_a_double_opt_in_is_confirmed_with_the_button_and_not_by_opening_the_link(
    office: Office, browser: Browser
) -> None:
    await office.set_type(meeting_options={"doubleOptIn": "enabled"})
    appointment, link = await booked(office)
    browser.open(link)
    assert browser.find(".state").text == "Waiting for confirmation"
    assert (await office.get(appointment.id)).appointment.status == "tentative"
    press_text(browser, "Confirm the appointment")
    assert (browser.driver.current_url, browser.find(".state").text) == (link, "Confirmed")
    assert browser.find_all("form") == []


async def test_opening_any_page_changes_nothing(office: Office) -> None:
    await office.set_type(meeting_options={"doubleOptIn": "enabled"})
    appointment, link = await booked(office)
    async with httpx.AsyncClient() as client:
        for path in ("", "/invite.ics", "/move", "/move?start=2037-12-09T10:00:00Z", "/cancel"):
            assert (await client.get(f"{link}{path}")).status_code == 200, path
        assert (await client.get(f"{link}/confirm")).status_code == 405
    assert (await office.get(appointment.id)).appointment.version == appointment.version


@pytest.mark.parametrize(
    "typed", ["", "start=", "start=soon", "start=2037-12-09T10%3A00", "start=9999-12-31T23%3A59%3A59Z", "%ff=%00"]
)
async def test_whatever_is_posted_leads_back_and_changes_nothing(office: Office, typed: str) -> None:
    appointment, link = await booked(office)
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{link}/move", content=typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "move")
    assert (await office.get(appointment.id)).appointment.version == appointment.version


async def test_a_reason_is_kept_as_it_was_typed_as_far_as_a_text_can_be(office: Office) -> None:
    appointment, link = await booked(office)
    async with httpx.AsyncClient() as client:
        typed = {"start": "2037-12-09T10:00:00Z", "reason": f"one\r\ntwo\0{'x' * 600}"}
        assert (await client.post(f"{link}/move", data=typed)).status_code == 303
    [(reason,)] = await office.rows(
        "SELECT reason FROM changes WHERE appointment_id = %(id)s AND kind = 'rescheduled'", id=appointment.id
    )
    assert (reason[:8], len(reason)) == ("one\ntwox", 500)


async def test_where_the_month_has_nothing_free_the_next_that_has_is_shown(office: Office, browser: Browser) -> None:
    _, link = await booked(office)
    await office.execute(
        """INSERT INTO availability_exceptions (company_id, owner_type, owner_id, available, start_at, end_at)
        VALUES (%(company_id)s, 'user', %(user_id)s, false, '2037-12-01', '2038-01-04 00:00Z')""",
        user_id=office.company.user_id,
    )
    browser.open(f"{link}/move")
    assert browser.find(".month h2").text == "January 2038"
    browser.press("a[rel=prev]")
    assert browser.find(".month h2").text == "December 2037"
    press_text(browser, browser.find(".note a").text)
    assert browser.find("h2.day").text == "Monday, January 4, 2038"


async def test_the_furthest_shift_is_kept_in_the_days_that_are_shown(office: Office, browser: Browser) -> None:
    policy = {"enabled": True, "mode": "hours", "duration": 0, "maxShiftDays": 2}
    await office.set_type(rescheduling_policy=policy)
    _, link = await booked(office)
    browser.open(f"{link}/move")
    assert texts(browser, ".days a") == ["7", "8", "9"]


PAGES = [
    pytest.param("", id="appointment"),
    pytest.param("/move", id="days and times"),
    pytest.param("/move?month=2039-06", id="nothing free"),
    pytest.param("/move?start=2037-12-09T10:00:00Z", id="review"),
    pytest.param("/cancel", id="cancel"),
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("dark", [pytest.param(False, id="light"), pytest.param(True, id="dark")])
async def test_the_pages_are_usable_in_a_window_of_360_pixels_and_by_the_keyboard(
    office: Office, browser: Browser, path: str, dark: bool
) -> None:
    await office.set_type(
        meeting_info={"name": LONG, "description": LONG, "duration": 30},
        meeting_options={"doubleOptIn": "enabled"},
    )
    _, link = await booked(office, language="de", timezone="Europe/Berlin")
    browser.open(f"{link}{path}", width=360, dark=dark)
    for check in (too_wide, too_small, unreadable, nameless, from_elsewhere, out_of_reach):
        assert check(browser) == [], check.__name__
