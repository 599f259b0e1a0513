"""One event per appointment in a real calendar, whatever happens on the way: invariants 24 to 28."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from slotkeeper.records.appointment import Appointment
from tests.api.conftest import bearer, built, client, opened
from tests.support.caldav_server import PASSWORD, USERNAME
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office
from tests.support.outside_calendar import OutsideCalendar

__all__ = ["built", "client", "opened"]
NOBODY = "http://127.0.0.1:1/host/work/"


async def booked_and_written(office: Office) -> Appointment:
    booked = await office.book()
    await office.work()
    return booked


async def states(office: Office, appointment: Appointment) -> list[str]:
    return [effect.state for effect in await office.effects(appointment.id, "calendar")]


async def test_a_calendar_that_is_down_never_stops_a_mail_a_webhook_or_another_calendar(
    office: Office, outside: OutsideCalendar
) -> None:
    await office.add_endpoint("booking_created")
    await outside.move_to(NOBODY)
    await outside.connect("private")
    await office.execute("UPDATE connections SET writes = true WHERE company_id = %(company_id)s")
    booked = await booked_and_written(office)
    assert sorted(await states(office, booked)) == ["done", "retrying"]
    assert len(office.mail.received) == 2
    assert len(office.receiver.received) == 1
    assert len(await outside.events()) == 1


async def test_a_calendar_that_is_up_again_gets_the_event_at_its_present_time(
    office: Office, outside: OutsideCalendar
) -> None:
    await outside.move_to(NOBODY)
    booked = await booked_and_written(office)
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert await states(office, booked) == ["superseded", "retrying"]
    await outside.move_to(outside.url)
    await office.wait_and_work(timedelta(minutes=1))
    assert await states(office, booked) == ["superseded", "done"]
    assert [start for _, _, start in await outside.events()] == [MONDAY + minutes(60)]


async def test_three_quick_moves_end_with_one_calendar_write_of_the_last_time(
    office: Office, outside: OutsideCalendar
) -> None:
    booked = await booked_and_written(office)
    for n in (1, 2, 3):
        await office.move(booked.id, MONDAY + minutes(60 * n))
    await office.work()
    effects = await office.effects(booked.id, "calendar")
    assert [(e.state, e.attempts) for e in effects] == [("done", 1), ("superseded", 0), ("superseded", 0), ("done", 1)]
    assert [start for _, _, start in await outside.events()] == [MONDAY + minutes(180)]


async def test_after_moves_there_is_exactly_one_event_with_the_same_address_and_uid_at_the_new_time(
    office: Office, outside: OutsideCalendar
) -> None:
    booked = await booked_and_written(office)
    [(href, uid, start)] = await outside.events()
    assert (uid, start) == (booked.uid, MONDAY)
    for n in (1, 2):
        await office.move(booked.id, MONDAY + timedelta(days=n))
        await office.work()
    assert await outside.events() == [(href, uid, MONDAY + timedelta(days=2))]


@pytest.mark.parametrize("etag", [pytest.param('"old"', id="its version"), pytest.param(None, id="the event at all")])
@pytest.mark.parametrize("moves", [0, 1])
async def test_a_worker_killed_between_the_write_and_the_ledger_leaves_exactly_one_event(
    office: Office, outside: OutsideCalendar, etag: str | None, moves: int
) -> None:
    booked = await booked_and_written(office)
    for n in range(moves):
        await office.move(booked.id, MONDAY + minutes(60 * (n + 1)))
        await office.work()
    written = await outside.events()
    await outside.write_again(booked.id, etag=etag)
    assert (await office.effects(booked.id, "calendar"))[-1].attempts == 2
    assert await outside.events() == written
    assert [start for _, _, start in written] == [MONDAY + minutes(60 * moves)]
    assert set(await states(office, booked)) == {"done"}


async def test_a_move_before_the_booking_was_carried_outward_makes_one_event(
    office: Office, outside: OutsideCalendar
) -> None:
    booked = await office.book()
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert await states(office, booked) == ["superseded", "done"]
    assert [(uid, start) for _, uid, start in await outside.events()] == [(booked.uid, MONDAY + minutes(60))]


async def test_the_event_is_changed_where_it_was_made_though_another_calendar_is_the_default_now(
    office: Office, outside: OutsideCalendar
) -> None:
    booked = await booked_and_written(office)
    made_in = outside.url
    await outside.connect("private")
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert [start for _, _, start in await outside.events(made_in)] == [MONDAY + minutes(60)]
    assert await outside.events() == []
    await office.book(MONDAY + timedelta(days=1))
    await office.work()
    assert [start for _, _, start in await outside.events()] == [MONDAY + timedelta(days=1)]


async def test_the_event_is_changed_where_it_was_made_though_its_account_chose_another_calendar(
    office: Office, outside: OutsideCalendar
) -> None:
    booked = await booked_and_written(office)
    other = await outside.server.make_calendar("private")
    await outside.move_to(other)
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert [start for _, _, start in await outside.events()] == [MONDAY + minutes(60)]
    assert await outside.events(other) == []


async def test_a_cancelled_appointment_has_no_event(office: Office, outside: OutsideCalendar) -> None:
    booked = await booked_and_written(office)
    assert len(await outside.events()) == 1
    await office.cancel(booked.id)
    await office.work()
    assert await states(office, booked) == ["done", "done"]
    assert await outside.events() == []


async def test_a_password_that_no_longer_works_is_shown_on_the_appointment_and_a_person_runs_it_again(
    office: Office, outside: OutsideCalendar, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    booked = await booked_and_written(office)
    (tmp_path / "users").write_text(f"{USERNAME}:another\n")
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert await states(office, booked) == ["done", "needs_person"]
    assert not await outside.is_connected()

    headers = bearer(office.company.token)
    address = f"/v4/appointment/{booked.id}"
    shown = (await client.get(address, headers=headers)).json()
    assert [error["errorCode"] for error in shown["resolvableErrors"]] == ["calendar_reconnect"]
    failed = (await office.effects(booked.id, "calendar"))[-1]

    await outside.connect_with("another")
    again = await client.post(f"{address}/effects/{failed.id}/retry", headers=headers)
    assert (again.status_code, again.json()["state"]) == (200, "pending")
    await office.work()
    assert await states(office, booked) == ["done", "done"]
    assert (await client.get(address, headers=headers)).json()["resolvableErrors"] == []
    (tmp_path / "users").write_text(f"{USERNAME}:{PASSWORD}\n")
    await outside.connect_with(PASSWORD)
    assert [start for _, _, start in await outside.events()] == [MONDAY + minutes(60)]


async def test_a_calendar_that_works_again_by_itself_is_shown_as_connected(
    office: Office, outside: OutsideCalendar, tmp_path: Path
) -> None:
    (tmp_path / "users").write_text(f"{USERNAME}:another\n")
    booked = await booked_and_written(office)
    assert not await outside.is_connected()
    (tmp_path / "users").write_text(f"{USERNAME}:{PASSWORD}\n")
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert await states(office, booked) == ["superseded", "done"]
    assert await outside.is_connected()


async def test_an_appointment_shows_its_event_and_calendar(
    office: Office, outside: OutsideCalendar, client: httpx.AsyncClient
) -> None:
    booked = await booked_and_written(office)
    answer = await client.get(f"/v4/appointment/{booked.id}", headers=bearer(office.company.token))
    [(href, _, _)] = await outside.events()
    assert answer.json()["hostingInfo"]["calendarSyncProviders"] == {
        "id": str(outside.connection.id),
        "type": "caldav",
        "hostId": str(office.company.user_id),
        "eventId": href,
        "calendarId": outside.url,
    }
