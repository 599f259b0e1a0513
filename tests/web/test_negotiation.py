"""Offering and answering other times on the pages behind mailed links, without scripts, in a real browser."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import cast

import httpx
import pytest
from litestar import Litestar

from slotkeeper.main import create_app
from slotkeeper.records.appointment import Appointment
from slotkeeper.settings import Settings
from tests.conftest import TEST_SECRET_KEY
from tests.support.browser import Browser
from tests.support.desk import MONDAY, NOW, minutes
from tests.support.negotiation import Negotiation
from tests.support.office import Office
from tests.support.page_checks import from_elsewhere, nameless, out_of_reach, too_small, too_wide, unreadable
from tests.support.server_thread import served

LATER, LATEST = MONDAY + minutes(60), MONDAY + minutes(120)
TO = " \N{EN DASH} "


@pytest.fixture
def public_url(database_url: str) -> Iterator[str]:
    """Of a server by the clock of the desk: an offered time must lie within what can be booked."""

    def app(url: str) -> Litestar:
        settings = Settings(database_url=database_url, secret_key=TEST_SECRET_KEY, public_url=url)
        return create_app(settings, clock=lambda: NOW)

    with served(app) as url:
        yield url


async def booked(office: Office, **attendee: object) -> Negotiation:
    given = {"timezone": "Europe/Berlin", **attendee}
    return Negotiation(office, await office.book(attendee=office.attendee(**given), notify="none"))


async def link(office: Office, address: str, page: str) -> str:
    """The latest of its kind that was mailed there."""
    await office.work()
    bodies = [cast("EmailMessage", mail.get_body(("plain",))) for mail in office.mail.to(address)]
    found = [each for body in bodies for each in re.findall(rf"https?://\S+/{page}/\S+", str(body.get_content()))]
    return str(found[-1])


async def to_the_attendee(office: Office) -> str:
    return await link(office, "ann@example.org", "a")


async def to_the_host(office: Office) -> str:
    return await link(office, "host@example.com", "h")


def buttons(browser: Browser) -> list[str]:
    return [button.text for button in browser.find_all("form button")]


async def test_an_attendee_accepts_an_offered_time_in_their_own_zone_and_language(
    office: Office, browser: Browser
) -> None:
    talks = await booked(office, language="de", timezone="America/New_York")
    await talks.propose(talks.host, LATER, LATEST, message="Die Bahn streikt")
    browser.open(await to_the_attendee(office))
    assert browser.language == "de"
    assert "Dr. Weiß schlägt andere Zeiten vor. Bis Sie eine annehmen, ändert sich nichts." in browser.text
    assert "Die Bahn streikt" in browser.text
    assert buttons(browser)[:2] == [
        f"Montag, 7. Dezember 2037, {time}" for time in (f"05:00{TO}05:30", f"06:00{TO}06:30")
    ]
    assert (await talks.appointment()).start == MONDAY
    browser.press("button[name=start]:nth-of-type(2)")
    assert (await talks.appointment()).start == LATEST
    assert "Eine der vorgeschlagenen Zeiten wurde angenommen." in browser.text
    assert browser.find(".when .time").text == f"06:00{TO}06:30"


async def test_an_attendee_declines_with_a_reason_and_is_led_to_the_appointment(
    office: Office, browser: Browser
) -> None:
    talks = await booked(office)
    await talks.propose(talks.host, LATER)
    browser.open(await to_the_attendee(office))
    browser.type(reason="I am at work then")
    browser.press("form:has(#reason) button")
    assert "The times that were offered have been declined. Reason: I am at work then" in browser.text
    assert await talks.states() == ["declined"]
    browser.press("a.button")
    assert browser.find(".when .time").text == f"10:00 AM{TO}10:30 AM"


async def test_an_attendee_offers_times_and_withdraws_them(office: Office, browser: Browser) -> None:
    talks = await booked(office)
    earlier = await talks.propose(talks.host, LATER)
    browser.open(await to_the_attendee(office))
    browser.find(f"#start1 option[value='{LATEST.isoformat()}']").click()
    browser.find(f"#start2 option[value='{LATER.isoformat()}']").click()
    browser.type(message="Mornings are better")
    browser.press("form:has(#start1) button")
    offer = (await talks.proposals())[-1]
    assert (offer.side, offer.starts, offer.made.reason) == ("attendee", (LATEST, LATER), "Mornings are better")
    assert offer.id != earlier.id
    assert "You wait for an answer." in browser.text
    browser.press("form button")
    assert await talks.states() == ["replaced", "withdrawn"]


async def test_a_time_that_is_taken_meanwhile_is_told_and_the_others_stay(office: Office, browser: Browser) -> None:
    talks = await booked(office)
    await talks.propose(talks.host, LATER, LATEST)
    browser.open(await to_the_attendee(office))
    await office.book(LATER, notify="none")
    browser.press("button[name=start]")
    assert browser.find(".alert").text == "This time is no longer free. Nothing has changed."
    browser.press("button[name=start]:nth-of-type(2)")
    assert (await talks.appointment()).start == LATEST


async def test_a_page_that_was_left_open_cannot_accept_what_was_withdrawn(office: Office, browser: Browser) -> None:
    talks = await booked(office)
    offer = await talks.propose(talks.host, LATER)
    browser.open(await to_the_attendee(office))
    await talks.withdraw(talks.host, offer.id)
    browser.press("button[name=start]")
    assert browser.find(".alert").text == "This is no longer open. Nothing has changed."
    assert (await talks.appointment()).start == MONDAY


async def test_a_host_accepts_what_the_attendee_offers(office: Office, browser: Browser) -> None:
    talks = await booked(office)
    await talks.propose(talks.attendee, LATER)
    browser.open(await to_the_host(office))
    assert "Ann Example offers other times." in browser.text
    browser.press("button[name=start]")
    assert (await talks.appointment()).start == LATER
    [(actor, through)] = await office.rows(LAST, id=talks.id)
    assert (actor, through) == ({"kind": "host", "id": str(office.company.user_id), "name": "host"}, "host link")


@pytest.mark.parametrize(
    ("language", "press", "status", "state"),
    [
        pytest.param("en", "Confirm the appointment", "confirmed", "Confirmed", id="confirm"),
        pytest.param("de", "Termin ablehnen", "cancelled", "Abgesagt", id="decline"),
    ],
)
async def test_a_host_decides_about_a_booking_that_waits_for_them(
    office: Office, browser: Browser, language: str, press: str, status: str, state: str
) -> None:
    await office.execute(
        "UPDATE users SET language = %(language)s WHERE company_id = %(company_id)s", language=language
    )
    request = await asked(office)
    browser.open(await to_the_host(office))
    assert (await office.get(request.id)).appointment.status == "tentative"
    which = buttons(browser).index(press) + 1
    browser.press(f"form:nth-of-type({which}) button")
    assert (await office.get(request.id)).appointment.status == status
    assert browser.find(".state").text == state
    assert press not in buttons(browser)


async def asked(office: Office) -> Appointment:
    await office.set_type(meeting_options={"requireHostConfirmation": "enabled"})
    return await office.book()


async def test_what_was_decided_elsewhere_is_not_decided_again(office: Office, browser: Browser) -> None:
    request = await asked(office)
    browser.open(await to_the_host(office))
    await office.cancel(request.id)
    browser.press("form button")
    assert browser.find(".alert").text == "This is no longer open. Nothing has changed."
    assert browser.find(".state").text == "Cancelled"


async def test_opening_a_link_changes_nothing(office: Office) -> None:
    talks = await booked(office)
    await talks.propose(talks.attendee, LATER)
    host = await to_the_host(office)
    await talks.propose(talks.host, LATER)
    before = await talks.appointment()
    async with httpx.AsyncClient() as client:
        for address in (host, await to_the_attendee(office)):
            for method in ("GET", "HEAD"):
                assert (await client.request(method, address)).status_code in (200, 405)
    assert await talks.appointment() == before


async def test_a_host_who_handed_the_appointment_over_decides_no_longer(office: Office) -> None:
    talks = await booked(office)
    await talks.propose(talks.attendee, LATER)
    address = await to_the_host(office)
    await office.hand_off(talks.id, await office.add_host())
    async with httpx.AsyncClient() as client:
        assert (await client.get(address)).status_code == 404
        assert (await client.post(address, data={"do": "accept"})).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"do": "jump"}, id="no button of ours"),
        pytest.param({"do": "accept", "proposal": "x", "start": LATER.isoformat()}, id="no id"),
        pytest.param({"do": "offer"}, id="no times"),
        pytest.param({"do": "offer", "start": "2037-12-07T10:00:00"}, id="no zone"),
        pytest.param({"do": "offer", "start": "9999-12-31T23:59:59+00:00"}, id="far away"),
        pytest.param({"do": "offer", "start": "0001-01-01T00:00:00+14:00"}, id="long ago"),
        pytest.param({"do": "offer", "start": "soon"}, id="no time"),
        pytest.param({"do": "offer", "start": "2037-12-07T10:00:00.5+00:00"}, id="half a second"),
    ],
)
async def test_whatever_is_posted_is_refused_with_the_page(office: Office, typed: dict[str, str]) -> None:
    talks = await booked(office)
    await talks.propose(talks.attendee, LATER)
    host = await to_the_host(office)
    await talks.propose(talks.host, LATER)
    async with httpx.AsyncClient() as client:
        for address in (host, await to_the_attendee(office)):
            answer = await client.post(address, data=typed)
            assert (answer.status_code, "That did not work." in answer.text) == (400, True)
    assert (await talks.appointment()).start == MONDAY


async def test_links_of_nobody_and_of_another_appointment_open_nothing(office: Office, public_url: str) -> None:
    talks = await booked(office)
    await talks.propose(talks.attendee, LATER)
    forged = (await to_the_host(office))[:-1] + "!"
    async with httpx.AsyncClient() as client:
        for address in (forged, f"{public_url}/h/unknown", f"{public_url}/a/unknown/proposal"):
            for method in ("GET", "POST"):
                answer = await client.request(method, address)
                assert answer.status_code == 404
                assert "This link leads nowhere" in answer.text


@pytest.mark.parametrize("dark", [pytest.param(False, id="light"), pytest.param(True, id="dark")])
@pytest.mark.parametrize("side", ["attendee", "host", "asked host"])
async def test_the_pages_are_usable_by_everybody(office: Office, browser: Browser, side: str, dark: bool) -> None:
    if side == "asked host":
        await asked(office)
    else:
        talks = await booked(office)
        await talks.propose(talks.attendee if side == "host" else talks.host, LATER, LATEST, message="x" * 300)
    browser.open(await (to_the_attendee(office) if side == "attendee" else to_the_host(office)), width=360, dark=dark)
    for check in (too_wide, too_small, unreadable, nameless, from_elsewhere, out_of_reach):
        assert check(browser) == [], check.__name__


LAST = """
    SELECT actor, through FROM changes
    WHERE company_id = %(company_id)s AND appointment_id = %(id)s ORDER BY sequence DESC LIMIT 1
"""
