"""Every entry point passes the same check, and what is malformed passes none: invariants 15 and 41."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.api.v4.conftest import Api
from tests.support.desk import MONDAY, Desk, minutes

ATTENDEE = {"email": "ben@example.org"}
BOOKED, TAKEN = MONDAY, MONDAY + minutes(120)
Ask = Callable[[Api, str, str], Awaitable[httpx.Response]]


async def _book(api: Api, _: str, start: str) -> httpx.Response:
    body = {"meetingTypeId": str(api.company.meeting_type_id), "start": start, "attendee": ATTENDEE}
    return await api.client.post("/v4/booking", json=body)


async def _move(api: Api, appointment: str, start: str) -> httpx.Response:
    return await api.move(appointment, start)


async def _ask_before(api: Api, appointment: str, start: str) -> httpx.Response:
    return await api.client.post(f"/v4/appointment/{appointment}/reschedule?dryRun=true", json={"start": start})


async def _move_by_attendee(api: Api, appointment: str, start: str) -> httpx.Response:
    secret = (await api.client.get(f"/v4/appointment/{appointment}")).json()["attendees"][0]["secret"]
    return await api.client.post(f"/v4/appointment/by-secret/{secret}/reschedule", json={"start": start})


ENTRY_POINTS: dict[str, Ask] = {
    "booking": _book,
    "move": _move,
    "dry run": _ask_before,
    "attendee's move": _move_by_attendee,
}
"""Whatever else can put an appointment at a time is to be added here."""


@pytest.mark.parametrize("entry", ENTRY_POINTS)
@pytest.mark.parametrize(
    ("start", "changed", "rules"),
    [
        pytest.param(TAKEN, {}, ["slot-occupied"], id="taken"),
        pytest.param(TAKEN + minutes(15), {}, ["slot-occupied"], id="overlapping"),
        pytest.param(TAKEN + minutes(30), {"bufferBefore": 15}, ["buffer"], id="too close"),
        pytest.param(MONDAY + timedelta(hours=9), {}, ["outside-working-hours"], id="in the evening"),
        pytest.param(MONDAY + minutes(67), {}, ["off-grid"], id="beside the slots"),
        pytest.param(MONDAY + minutes(60), {"notice": True}, ["too-short-notice"], id="too soon"),
        pytest.param(MONDAY + timedelta(days=400), {}, ["too-far-ahead"], id="too far ahead"),
    ],
)
async def test_every_entry_point_passes_the_same_check(
    api: Api, desk: Desk, entry: str, start: Any, changed: dict[str, Any], rules: list[str]
) -> None:
    """And names the reason alike; a dry run tells it in an answer of 200."""
    if "bufferBefore" in changed:
        await desk.set_type(meeting_info={"name": "Buffered", "duration": 30, **changed})
    await api.book(TAKEN.isoformat())
    appointment = await api.book(BOOKED.isoformat())
    if "notice" in changed:
        await desk.set_type(booking_minimum=60 * 24 * 30)
    before = await _rows(desk)
    answer = await ENTRY_POINTS[entry](api, appointment, start.isoformat())
    assert answer.status_code == (200 if entry == "dry run" else 409)
    assert [conflict["rule"] for conflict in answer.json()["conflicts"]] == rules
    assert await _rows(desk) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("start", "2037-12-07T10:00:00", id="naive"),
        pytest.param("start", "2037-12-07T25:00:00Z", id="hour 25"),
        pytest.param("start", None, id="no start"),
        pytest.param("attendee.timezone", "Mars/Olympus", id="an unknown zone"),
        pytest.param("attendee.timezone", "../etc/passwd", id="a path for a zone"),
        pytest.param("attendee.timezone", 1, id="a number for a zone"),
        pytest.param("attendee.language", "tlh", id="an unknown language"),
        pytest.param("attendee.email", "ben", id="no address"),
        pytest.param("meetingTypeId", "intro", id="a bad id"),
        pytest.param("hostIds", [str(UUID(int=1))], id="an unknown host"),
        pytest.param("duration", 31, id="a duration that is not offered"),
        pytest.param("duration", -30, id="a negative duration"),
    ],
)
async def test_an_unknown_zone_or_anything_else_malformed_in_a_booking_is_400_with_the_field_named_and_nothing_written(
    api: Api, desk: Desk, field: str, value: object
) -> None:
    body: dict[str, Any] = {
        "meetingTypeId": str(api.company.meeting_type_id),
        "start": MONDAY.isoformat(),
        "attendee": {**ATTENDEE},
    }
    inside, _, name = field.rpartition(".")
    (body[inside] if inside else body)[name] = value
    answer = await api.client.post("/v4/booking", json=body)
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await _rows(desk) == []


async def _rows(desk: Desk) -> list[object]:
    tables = ("appointments", "blocked_times", "attendees", "changes", "reminders", "effects")
    return [
        row
        for table in tables
        for row in await desk.rows(f"SELECT t::text FROM {table} t WHERE company_id = %(company_id)s ORDER BY 1")
    ]
