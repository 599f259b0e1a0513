from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest
from tests.ics.sample import START, appointment, change
from tests.support.caldav_server import CalDavServer

from slotkeeper.ics.vtimezone import vtimezone
from slotkeeper.integrations.dav.busy_report import report_free_busy
from slotkeeper.integrations.dav.calendar import DavCalendar
from slotkeeper.integrations.dav.conftest import account_with
from slotkeeper.integrations.dav.dav_client import client_for
from slotkeeper.integrations.protocols import Busy
from slotkeeper.jobs.outcomes import PersonMustAct
from slotkeeper.records.connection import Connection

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def event(uid: str, *lines: str) -> str:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", "BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z"]
    return "\r\n".join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""])


async def test_our_own_event_is_read_with_its_uid(caldav: DavCalendar, account: Connection) -> None:
    ours = appointment()
    await caldav.write_event(account, ours, change(), None)
    busy = await caldav.read_busy(account, START - DAY, START + DAY)
    assert busy == [Busy(start=ours.start, end=ours.end, uid=ours.uid, title="Intro call")]


async def test_each_time_of_a_recurring_event_blocks_but_those_taken_out_or_moved(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer
) -> None:
    series = event(
        "weekly",
        "DTSTART:20260302T090000Z",
        "DTEND:20260302T100000Z",
        "RRULE:FREQ=WEEKLY",
        "EXDATE:20260309T090000Z",
    ).replace(
        "END:VCALENDAR",
        "\r\n".join(
            [
                *("BEGIN:VEVENT", "UID:weekly", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260316T090000Z"),
                *("DTSTART:20260317T090000Z", "DTEND:20260317T100000Z", "END:VEVENT", "END:VCALENDAR"),
            ]
        ),
    )
    await caldav_server.put(f"{calendar_url}weekly.ics", series)
    busy = await caldav.read_busy(account, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 24, tzinfo=UTC))
    assert sorted(entry.start.day for entry in busy) == [2, 17, 23]
    assert {(entry.uid, entry.end - entry.start) for entry in busy} == {("weekly", HOUR)}


async def test_a_recurring_event_keeps_its_wall_clock_time_over_the_change_to_summer_time(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer
) -> None:
    lines = ("DTSTART;TZID=Europe/Berlin:20260328T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2")
    zone = vtimezone(ZoneInfo("Europe/Berlin"), 2026, 2026)
    daily = event("daily", *lines).replace("BEGIN:VEVENT", f"{zone}BEGIN:VEVENT")
    await caldav_server.put(f"{calendar_url}daily.ics", daily)
    busy = await caldav.read_busy(account, datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC))
    assert sorted(entry.start.astimezone(UTC).hour for entry in busy) == [8, 9]


async def test_only_what_touches_the_asked_time_is_told(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer
) -> None:
    for hour in (8, 9, 10, 11):
        lines = (f"DTSTART:20260310T{hour:02}0000Z", "DURATION:PT1H")
        await caldav_server.put(f"{calendar_url}{hour}.ics", event(str(hour), *lines))
    ten = datetime(2026, 3, 10, 10, tzinfo=UTC)
    assert [entry.uid for entry in await caldav.read_busy(account, ten, ten + HOUR)] == ["10"]


@pytest.mark.parametrize(
    ("timezone", "starts_at"),
    [
        pytest.param({}, 0, id="in UTC where no zone is told"),
        pytest.param({"timezone": "Asia/Tokyo"}, 15, id="in Tokyo"),
    ],
)
async def test_a_whole_day_blocks_in_the_zone_of_the_account(
    caldav: DavCalendar,
    account: Connection,
    calendar_url: str,
    caldav_server: CalDavServer,
    timezone: dict[str, object],
    starts_at: int,
) -> None:
    await caldav_server.put(f"{calendar_url}day.ics", event("day", "DTSTART;VALUE=DATE:20260310"))
    there = account_with({**account.settings, **timezone})
    [busy] = await caldav.read_busy(there, datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC))
    assert busy.start.astimezone(UTC).hour == starts_at
    assert busy.end - busy.start == DAY


async def test_transparent_and_cancelled_events_block_nothing(
    caldav: DavCalendar, account: Connection, calendar_url: str, caldav_server: CalDavServer
) -> None:
    for line in ("TRANSP:TRANSPARENT", "STATUS:CANCELLED"):
        ics = event(line, "DTSTART:20260310T100000Z", "DURATION:PT1H", line)
        await caldav_server.put(f"{calendar_url}{line[:6]}.ics", ics)
    assert [busy.free for busy in await caldav.read_busy(account, START - DAY, START + DAY)] == [True]


async def test_a_server_that_tells_only_free_and_busy_is_understood(
    caldav_server: CalDavServer, calendar_url: str, account: Connection
) -> None:
    daily = event("daily", "DTSTART:20260310T100000Z", "DTEND:20260310T110000Z", "RRULE:FREQ=DAILY;COUNT=2")
    await caldav_server.put(f"{calendar_url}daily.ics", daily)
    dav = client_for(account, (ip_network("127.0.0.0/8"),))
    ten = datetime(2026, 3, 10, 10, tzinfo=UTC)
    busy = await report_free_busy(dav, calendar_url, ten - DAY, ten + 3 * DAY)
    assert [(entry.start, entry.end) for entry in busy] == [(ten, ten + HOUR), (ten + DAY, ten + DAY + HOUR)]


async def test_a_wrong_password_needs_a_person(caldav: DavCalendar, account: Connection) -> None:
    with pytest.raises(PersonMustAct) as verdict:
        await caldav.read_busy(account_with(account.settings, password="guess"), START, START + DAY)
    assert verdict.value.error_code == "calendar_reconnect"
