"""What an attendee sees who follows the link in a mail, in a real browser (invariants 3 and 34)."""

from datetime import timedelta

import httpx
import pytest
from icalendar import Calendar

from tests.support.browser import Browser
from tests.support.desk import MONDAY
from tests.support.mailed import booked
from tests.support.office import Office

HOUR = timedelta(hours=1)
TO = " \N{EN DASH} "
ROOM = {"name": "First consultation", "duration": 30, "channel": "custom"}


@pytest.mark.parametrize(
    ("language", "timezone", "seen"),
    [
        pytest.param(
            "en",
            "America/New_York",
            ("Confirmed", "Monday, December 7, 2037", f"4:00 AM{TO}4:30 AM", "GMT-05:00"),
            id="en",
        ),
        pytest.param(
            "de", "Europe/Berlin", ("Bestätigt", "Montag, 7. Dezember 2037", f"10:00{TO}10:30", "GMT+01:00"), id="de"
        ),
    ],
)
async def test_the_link_in_a_mail_opens_the_appointment_in_the_attendees_own_zone_and_language(
    office: Office, browser: Browser, language: str, timezone: str, seen: tuple[str, ...]
) -> None:
    _, link = await booked(office, language=language, timezone=timezone)
    browser.open(link, language="fr")
    assert browser.language == language
    assert [words for words in ("Praxis Dr. Weiß", *seen) if words not in browser.text] == []


async def test_after_moves_the_same_link_shows_the_new_time_and_the_last_one_before(
    office: Office, browser: Browser
) -> None:
    appointment, link = await booked(office, timezone="Europe/Berlin")
    await office.move(appointment.id, MONDAY + 2 * HOUR)
    await office.move(appointment.id, MONDAY + HOUR)
    browser.open(link)
    assert browser.find(".when .time").text == f"11:00 AM{TO}11:30 AM"
    assert browser.find(".previous s").text == f"Monday, December 7, 2037, 12:00 PM{TO}12:30 PM"


async def test_after_a_cancellation_it_says_so_with_the_reason_and_no_longer_leads_into_the_meeting(
    office: Office, browser: Browser
) -> None:
    await office.set_type(meeting_info={**ROOM, "customChannelLink": "https://meet.example.com/room"})
    appointment, link = await booked(office, language="de")
    browser.open(link)
    assert browser.find(".button.main").get_attribute("href") == "https://meet.example.com/room"
    await office.cancel(appointment.id, "Frau Dr. Weiß ist krank")
    browser.open(link)
    assert browser.find(".state").text == "Abgesagt"
    assert "Grund: Frau Dr. Weiß ist krank" in browser.text
    assert browser.find_all(".button.main") == []
    assert browser.find(".when .time").value_of_css_property("text-decoration-line") == "none"
    assert browser.find(".when .time s").value_of_css_property("text-decoration-line") == "line-through"


@pytest.mark.parametrize(
    ("asked", "language", "title"),
    [
        pytest.param("de-AT,de;q=0.9,en;q=0.5", "de-AT", "Dieser Link führt ins Leere", id="german"),
        pytest.param("fr", "en", "This link leads nowhere", id="no-catalogue"),
    ],
)
@pytest.mark.parametrize("path", ["/a/unknown", "/a/unknown/invite.ics"])
async def test_an_unknown_secret_is_told_in_the_browsers_language(
    public_url: str, browser: Browser, path: str, asked: str, language: str, title: str
) -> None:
    browser.open(f"{public_url}{path}", language=asked)
    assert (browser.language, browser.find("h1").text) == (language, title)
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{public_url}{path}")).status_code == 404


async def test_a_secret_of_the_right_form_that_fits_nothing_looks_the_same(office: Office, browser: Browser) -> None:
    _, link = await booked(office)
    browser.open(f"{link[:-1]}{'A' if link[-1] != 'A' else 'B'}")
    assert browser.find("h1").text == "This link leads nowhere"


async def test_the_calendar_file_is_downloaded_with_the_present_time(office: Office, browser: Browser) -> None:
    appointment, link = await booked(office)
    await office.move(appointment.id, MONDAY + HOUR)
    browser.open(link)
    browser.find("a[download]").click()
    [event] = Calendar.from_ical(browser.downloaded("invite.ics")).walk("VEVENT")
    assert (str(event["UID"]), event.decoded("DTSTART")) == (appointment.uid, MONDAY + HOUR)


async def test_what_a_host_typed_is_shown_and_never_run(office: Office, browser: Browser) -> None:
    evil = "<script>document.title = 'run'</script><img src=x onerror='document.title = 1'>"
    await office.set_type(meeting_info={**ROOM, "name": evil, "customChannelLink": "javascript:alert(1)"})
    _, link = await booked(office)
    browser.open(link)
    assert browser.find("h1").text == evil
    assert browser.ask("return document.title") == evil
    assert browser.find_all("a[href^=javascript]") == []
    assert "javascript:alert(1)" in browser.text
