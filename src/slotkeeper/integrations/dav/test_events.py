from datetime import timedelta
from ipaddress import ip_network

import pytest
from tests.ics.sample import START, appointment, change
from tests.support.caldav_server import CalDavServer

from slotkeeper.integrations.dav.calendar import DavCalendar
from slotkeeper.integrations.dav.conftest import account_with
from slotkeeper.jobs.outcomes import Done, Later, PersonMustAct
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.connection import Connection, ExternalRef
from slotkeeper.settings import Network

BOOKED = appointment(sequence=0)
MOVED = appointment(sequence=1, start=START + timedelta(days=1))
MOVED_AGAIN = appointment(sequence=2, start=START + timedelta(days=2))
ALARM = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\n"


async def write(
    caldav: DavCalendar, account: Connection, now: Appointment, ref: ExternalRef | None = None
) -> ExternalRef:
    done = await caldav.write_event(account, now, change(), ref)
    [made] = done.refs
    return made


async def add_alarm(server: CalDavServer, href: str) -> None:
    ics = await server.get(href)
    await server.put(href, ics.replace("END:VEVENT", f"{ALARM}END:VEVENT"))


async def test_a_booking_becomes_one_event_that_is_remembered(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer
) -> None:
    ref = await write(caldav, account, BOOKED)
    assert ref.record == "event"
    assert ref.container == calendar_url
    assert ref.etag
    assert await caldav_server.hrefs(calendar_url) == [ref.external_id]


async def test_the_stored_event_has_no_method_and_keeps_the_server_from_mailing(
    caldav: DavCalendar, account: Connection, caldav_server: CalDavServer
) -> None:
    stored = (await caldav_server.get((await write(caldav, account, BOOKED)).external_id)).replace("\r\n ", "")
    attendees = [line for line in stored.splitlines() if line.startswith("ATTENDEE")]
    assert "METHOD" not in stored
    assert len(attendees) == 2
    assert all("SCHEDULE-AGENT=CLIENT" in line for line in attendees)


async def test_an_attempt_that_died_after_its_put_leaves_one_event(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer
) -> None:
    lost = await write(caldav, account, BOOKED)
    again = await write(caldav, account, MOVED)
    assert again.external_id == lost.external_id
    assert await caldav_server.hrefs(calendar_url) == [lost.external_id]
    assert "SEQUENCE:1" in await caldav_server.get(lost.external_id)


async def test_three_moves_end_with_one_event_of_the_last_time_and_the_same_uid(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer
) -> None:
    ref = None
    for now in (BOOKED, MOVED, MOVED_AGAIN):
        ref = await write(caldav, account, now, ref)
    [href] = await caldav_server.hrefs(calendar_url)
    stored = await caldav_server.get(href)
    assert f"UID:{BOOKED.uid}" in stored
    assert "DTSTART;TZID=Europe/Berlin:20260312T150000" in stored


async def test_a_foreign_alarm_survives_every_later_move(
    caldav: DavCalendar, account: Connection, caldav_server: CalDavServer
) -> None:
    ref = await write(caldav, account, BOOKED)
    await add_alarm(caldav_server, ref.external_id)
    for now in (MOVED, MOVED_AGAIN):
        ref = await write(caldav, account, now, ref)
        stored = await caldav_server.get(ref.external_id)
        assert "TRIGGER:-PT10M" in stored
        assert f"SEQUENCE:{now.sequence}" in stored


async def test_a_foreign_alarm_survives_an_attempt_whose_predecessor_was_lost(
    caldav: DavCalendar, account: Connection, caldav_server: CalDavServer
) -> None:
    lost = await write(caldav, account, BOOKED)
    await add_alarm(caldav_server, lost.external_id)
    await write(caldav, account, MOVED)
    assert "TRIGGER:-PT10M" in await caldav_server.get(lost.external_id)


async def test_an_event_that_its_owner_deleted_comes_back_at_its_place(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer
) -> None:
    ref = await write(caldav, account, BOOKED)
    await caldav_server.delete(ref.external_id)
    await write(caldav, account, MOVED, ref)
    assert await caldav_server.hrefs(calendar_url) == [ref.external_id]


async def test_the_event_is_changed_where_it_was_made_though_another_calendar_is_chosen_now(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer
) -> None:
    ref = await write(caldav, account, BOOKED)
    other_url = await caldav_server.make_calendar("private")
    other = account_with({"url": caldav_server.url, "calendarUrl": other_url})
    moved = await write(caldav, other, MOVED, ref)
    assert moved.container == calendar_url
    assert await caldav_server.hrefs(other_url) == []
    await caldav.delete_event(other, MOVED, change(), moved)
    assert await caldav_server.hrefs(calendar_url) == []


@pytest.mark.parametrize("remembered", [True, False])
async def test_deleting_twice_is_done(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer, remembered: bool
) -> None:
    ref = await write(caldav, account, BOOKED)
    for _ in range(2):
        assert await caldav.delete_event(account, BOOKED, change(), ref if remembered else None) == Done()
    assert await caldav_server.hrefs(calendar_url) == []


async def test_deleting_removes_what_others_have_edited(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer
) -> None:
    ref = await write(caldav, account, BOOKED)
    await add_alarm(caldav_server, ref.external_id)
    await caldav.delete_event(account, BOOKED, change(), ref)
    assert await caldav_server.hrefs(calendar_url) == []


async def test_a_wrong_password_needs_a_person(caldav: DavCalendar, account: Connection) -> None:
    wrong = account_with(account.settings, password="guess")
    with pytest.raises(PersonMustAct) as verdict:
        await write(caldav, wrong, BOOKED)
    assert verdict.value.error_code == "calendar_reconnect"


async def test_a_calendar_that_is_gone_needs_a_person(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer
) -> None:
    ref = await write(caldav, account, BOOKED)
    await caldav_server.delete(calendar_url)
    for remembered in (ref, None):
        with pytest.raises(PersonMustAct) as verdict:
            await write(caldav, account, MOVED, remembered)
        assert verdict.value.error_code == "calendar_rejected"


async def test_a_server_that_is_down_is_tried_later(caldav: DavCalendar) -> None:
    down = account_with({"calendarUrl": "http://127.0.0.1:1/host/work/"})
    with pytest.raises(Later):
        await write(caldav, down, BOOKED)


@pytest.mark.parametrize(
    "allowed",
    [
        pytest.param((), id="by default"),
        pytest.param((ip_network("10.0.0.0/8"),), id="another network is allowed"),
    ],
)
async def test_a_private_address_is_refused_when_dialled(account: Connection, allowed: tuple[Network, ...]) -> None:
    with pytest.raises(PersonMustAct) as verdict:
        await write(DavCalendar(allowed), account, BOOKED)
    assert verdict.value.error_code == "address_refused"
