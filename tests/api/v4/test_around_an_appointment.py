"""Guests, notes, transcription, no-show, history, undo, hand-off, today, quick mail: over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from slotkeeper.appointments.undo import undo
from slotkeeper.errors import Conflict
from tests.api.v4.conftest import Api
from tests.support.desk import MONDAY, NOW, Desk, minutes

LATER = (MONDAY + minutes(60)).isoformat()


async def attendee_of(api: Api, appointment: str) -> str:
    return str((await api.client.get(f"/v4/appointment/{appointment}")).json()["attendeeIds"][0])


async def test_a_guest_is_added_to_the_attendee(api: Api) -> None:
    booked = await api.book()
    body = {"attendeeId": await attendee_of(api, booked), "email": "mum@example.net"}
    answer = await api.client.patch(f"/v4/appointment/{booked}/guest", json=body)
    assert answer.status_code == 200
    assert answer.json()["attendees"][0]["bringalongEmails"] == ["mum@example.net"]
    assert "mum@example.net" in answer.json()["ics"]


async def test_a_sixth_guest_is_refused_by_name_of_the_field(api: Api) -> None:
    attendee = {"email": "a@example.org", "bringalongEmails": [f"g{n}@example.org" for n in range(5)]}
    booked = await api.book(attendee=attendee)
    body = {"attendeeId": await attendee_of(api, booked), "email": "sixth@example.org"}
    answer = await api.client.patch(f"/v4/appointment/{booked}/guest", json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "email"


@pytest.mark.parametrize(
    ("path", "body", "changed"),
    [
        pytest.param("notes", {"note": "bring cake"}, {"note": "bring cake"}, id="note"),
        pytest.param("notes", {"note": None}, {"note": None}, id="note cleared"),
        pytest.param("transcription", {"summary": "short"}, {"summary": "short", "transcription": None}, id="summary"),
        pytest.param("transcription", {"transcription": "# long"}, {"transcription": "# long"}, id="transcription"),
    ],
)
async def test_what_is_written_beside_it_changes_nothing_else(
    api: Api, path: str, body: dict[str, Any], changed: dict[str, Any]
) -> None:
    booked = await api.book()
    before = (await api.client.get(f"/v4/appointment/{booked}")).json()
    answer = await api.client.patch(f"/v4/appointment/{booked}/{path}", json=body)
    assert answer.status_code == 200
    assert answer.json() == {**before, **changed, "updatedAt": answer.json()["updatedAt"]}
    history = (await api.client.get(f"/v4/appointment/{booked}/history")).json()["changes"]
    assert [change["kind"] for change in history] == ["booked"]


async def test_a_note_with_an_old_etag_is_refused_and_not_written(api: Api) -> None:
    booked = await api.book()
    answer = await api.client.patch(f"/v4/appointment/{booked}/notes", json={"note": "x"}, headers={"If-Match": '"7"'})
    assert answer.status_code == 412
    assert (await api.client.get(f"/v4/appointment/{booked}")).json()["note"] is None


async def test_who_did_not_come_is_marked(api: Api) -> None:
    booked = await api.book()
    answer = await api.client.patch(f"/v4/appointment/{booked}/no-show", json={"noShow": True})
    assert [attendee["noShow"] for attendee in answer.json()["attendees"]] == [True]


async def test_the_history_says_from_to_who_and_why(api: Api) -> None:
    booked = await api.book()
    await api.move(booked, LATER, reason="train is late")
    first, second = (await api.client.get(f"/v4/appointment/{booked}/history")).json()["changes"]
    assert first["kind"] == "booked"
    assert second["previousStart"] == first["start"]
    assert second["start"] == LATER.replace("+00:00", "Z")
    assert (second["reason"], second["actor"]["kind"], second["through"]) == ("train is late", "host", "api")


async def test_the_last_move_is_taken_back_as_an_ordinary_move(api: Api) -> None:
    booked = await api.book()
    await api.move(booked, LATER)
    answer = await api.client.post(
        f"/v4/appointment/{booked}/reschedule/undo", headers={"content-type": "application/json"}
    )
    assert answer.status_code == 200
    assert answer.json()["appointment"]["start"] == MONDAY.isoformat().replace("+00:00", "Z")
    changes = (await api.client.get(f"/v4/appointment/{booked}/history")).json()["changes"]
    assert [change["kind"] for change in changes] == ["booked", "rescheduled", "rescheduled"]
    assert changes[-1]["through"] == "undo"


async def test_a_move_is_taken_back_though_a_guest_came_since(api: Api) -> None:
    booked = await api.book()
    await api.move(booked, LATER)
    guest = {"attendeeId": await attendee_of(api, booked), "email": "mum@example.net"}
    assert (await api.client.patch(f"/v4/appointment/{booked}/guest", json=guest)).is_success
    answer = await api.client.post(f"/v4/appointment/{booked}/reschedule/undo", json={})
    assert answer.json()["appointment"]["start"] == MONDAY.isoformat().replace("+00:00", "Z")
    assert answer.json()["appointment"]["attendees"][0]["bringalongEmails"] == ["mum@example.net"]


async def test_a_move_of_yesterday_is_not_taken_back(desk: Desk) -> None:
    booked = await desk.book()
    await desk.move(booked.id, MONDAY + timedelta(hours=1))
    desk.now += timedelta(hours=24, seconds=1)
    async with desk.pool.connection() as connection:
        with pytest.raises(Conflict, match="older than 24 hours"):
            await undo(connection, desk.caller, booked.id, desk.now)


async def test_a_move_whose_old_time_was_taken_meanwhile_cannot_be_taken_back(api: Api) -> None:
    booked = await api.book()
    await api.move(booked, LATER)
    await api.book()
    answer = await api.client.post(f"/v4/appointment/{booked}/reschedule/undo", json={})
    assert (answer.status_code, answer.json()["errorCode"]) == (409, "slot-occupied")


async def test_what_was_never_moved_has_nothing_to_take_back(api: Api) -> None:
    booked = await api.book()
    answer = await api.client.post(f"/v4/appointment/{booked}/reschedule/undo", json={})
    assert (answer.status_code, answer.json()["errorCode"]) == (409, "nothing-to-undo")


async def test_an_appointment_is_handed_to_a_colleague(api: Api, desk: Desk) -> None:
    colleague = await desk.add_host()
    booked = await api.book()
    answer = await api.client.post("/v4/handoff/appointment", json={"appointmentId": booked, "userId": str(colleague)})
    assert answer.status_code == 200
    assert answer.json()["hostIds"] == [str(colleague)]


async def test_today_is_a_bare_array_of_the_callers_day(api: Api, desk: Desk) -> None:
    today = (NOW + timedelta(hours=2)).isoformat()
    booked = await api.book(today)
    await api.book()
    answer = (await api.client.get("/v4/appointment/today")).json()
    assert [appointment["id"] for appointment in answer] == [booked]


async def test_a_quick_mail_is_one_effect_in_the_ledger(api: Api) -> None:
    booked = await api.book()
    body = {"attendeeId": await attendee_of(api, booked), "title": "Hello", "content": "See you"}
    assert (await api.client.post("/v4/attendee/quick-mail", json=body)).status_code == 204
    effects = (await api.client.get(f"/v4/appointment/{booked}/effects")).json()["effects"]
    assert [effect["kind"] for effect in effects] == ["message"]


async def test_an_attendee_who_has_not_finished_is_listed_until_they_book(api: Api) -> None:
    number = (await api.client.post("/v4/attendee/pending", json={"attendee": {"email": "a@example.org"}})).json()
    listed = (await api.client.get("/v4/attendee/pending")).json()
    assert [(pending["id"], pending["email"]) for pending in listed] == [(number, "a@example.org")]
    await api.book(attendeePendingId=number)
    assert (await api.client.get("/v4/attendee/pending")).json() == []


async def test_a_booking_by_telephone_needs_no_address_where_the_type_allows_it(api: Api, desk: Desk) -> None:
    body: dict[str, Any] = {"phoneOnlyBooking": True, "attendee": {"phone": "+49 30 1234"}}
    asked = {**body, "start": MONDAY.isoformat(), "meetingTypeId": str(api.company.meeting_type_id)}
    refused = await api.client.post("/v4/booking", json=asked)
    assert refused.json()["errors"][0]["field"] == "phoneOnlyBooking"
    await desk.set_type(meeting_options={"allowPhoneOnlyBooking": True})
    booked = await api.book(**body)
    attendee = (await api.client.get(f"/v4/appointment/{booked}")).json()["attendees"][0]
    assert (attendee["email"], attendee["phone"]) == (None, "+49 30 1234")
