"""Is the new time free? Invariants 10 to 17, through the operation and the database."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from slotkeeper.errors import Conflict, Forbidden, NotFree
from tests.support.desk import MONDAY, Desk, minutes

ALL = frozenset({"conflicts", "hours", "notice", "buffers", "limits"})


async def test_the_appointment_never_blocks_itself_by_its_time_buffers_calendar_event_or_place_in_a_limit(
    desk: Desk,
) -> None:
    await desk.set_type(
        meeting_info={"name": "With buffers", "duration": 30, "bufferBefore": 30, "bufferAfter": 30},
        booking_limits={"day": 1, "week": 1, "month": 1},
    )
    booked = await desk.book()
    await _outside_event(desk, MONDAY, uid=booked.uid)
    moved = await desk.move(booked.id, MONDAY + minutes(15))
    assert moved.stored.appointment.start == MONDAY + minutes(15)


async def test_somebody_elses_event_in_the_hosts_calendar_blocks(desk: Desk) -> None:
    booked = await desk.book()
    await _outside_event(desk, MONDAY + minutes(60), uid="dentist@example.net")
    with pytest.raises(NotFree) as refusal:
        await desk.move(booked.id, MONDAY + minutes(75))
    assert refusal.value.code == "slot-occupied"
    assert refusal.value.conflicts[0].start == MONDAY + minutes(60)


@pytest.mark.parametrize(
    ("offset", "free"),
    [
        pytest.param(-30, True, id="ends where the other starts"),
        pytest.param(30, True, id="starts where the other ends"),
        pytest.param(-15, False, id="overlaps its start"),
        pytest.param(15, False, id="overlaps its end"),
        pytest.param(0, False, id="the same time"),
    ],
)
async def test_overlap_is_half_open(desk: Desk, offset: int, free: bool) -> None:
    other = MONDAY + minutes(120)
    await desk.book(other)
    booked = await desk.book()
    if free:
        moved = await desk.move(booked.id, other + minutes(offset))
        assert moved.verdict.refused == ()
    else:
        with pytest.raises(NotFree, match="taken"):
            await desk.move(booked.id, other + minutes(offset))


async def test_between_two_appointments_lies_the_larger_of_both_buffers(desk: Desk) -> None:
    await desk.set_type(meeting_info={"name": "After", "duration": 30, "bufferAfter": 30})
    await desk.book(MONDAY)
    await desk.set_type(meeting_info={"name": "Before", "duration": 30, "bufferBefore": 15})
    booked = await desk.book(MONDAY + minutes(180))
    with pytest.raises(NotFree, match="too close"):
        await desk.move(booked.id, MONDAY + minutes(45))
    moved = await desk.move(booked.id, MONDAY + minutes(60))
    assert moved.stored.appointment.start == MONDAY + minutes(60)


@pytest.mark.parametrize(
    ("change", "start", "code"),
    [
        pytest.param({"booking_minimum": 60 * 24 * 30}, MONDAY + minutes(30), "too-short-notice", id="notice"),
        pytest.param(
            {"days_into_future": {"mode": "limit", "bookingLimit": 60}},
            MONDAY + minutes(30),
            "too-far-ahead",
            id="ahead",
        ),
        pytest.param({}, MONDAY + timedelta(hours=8), "outside-working-hours", id="evening"),
        pytest.param({}, MONDAY + timedelta(days=5), "outside-working-hours", id="saturday"),
        pytest.param({}, MONDAY + minutes(7), "outside-working-hours", id="beside the slots"),
        pytest.param({}, MONDAY - timedelta(days=30), "in-the-past", id="past"),
    ],
)
async def test_each_rule_refuses_with_its_own_code(
    desk: Desk, change: dict[str, object], start: datetime, code: str
) -> None:
    booked = await desk.book()
    if change:
        await desk.set_type(**change)
    with pytest.raises(NotFree) as refusal:
        await desk.move(booked.id, start)
    assert refusal.value.code == code


async def test_a_limit_counts_the_others_of_the_period_and_not_the_moved_one(desk: Desk) -> None:
    await desk.set_type(booking_limits={"day": 2})
    booked = await desk.book(MONDAY)
    await desk.book(MONDAY + minutes(60))
    other_day = await desk.book(MONDAY + timedelta(days=1))
    await desk.move(booked.id, MONDAY + minutes(120))
    with pytest.raises(NotFree) as refusal:
        await desk.move(other_day.id, MONDAY + minutes(180))
    assert refusal.value.code == "limit-reached"


async def test_a_refusal_names_up_to_five_nearest_free_starts_and_each_of_them_can_be_taken(desk: Desk) -> None:
    await desk.book(MONDAY + minutes(60))
    booked = await desk.book()
    with pytest.raises(NotFree) as refusal:
        await desk.move(booked.id, MONDAY + minutes(60))
    suggestions = refusal.value.suggestions
    assert len(suggestions) == 5
    assert list(suggestions) == sorted(suggestions, key=lambda at: (abs(at - (MONDAY + minutes(60))), at))
    for suggestion in suggestions:
        assert (await desk.move(booked.id, suggestion)).stored.appointment.start == suggestion


async def test_an_overriding_move_is_recorded_with_what_it_overrode(desk: Desk) -> None:
    await desk.book(MONDAY + minutes(60))
    booked = await desk.book()
    moved = await desk.move(booked.id, MONDAY + minutes(60), overrides=ALL)
    assert moved.change is not None
    assert moved.change.overridden == ("slot-occupied",)
    [[overridden]] = await desk.rows(
        "SELECT overridden FROM changes WHERE company_id = %(company_id)s AND kind = 'rescheduled'"
    )
    assert overridden == ["slot-occupied"]


async def test_an_overriding_move_never_lets_the_next_ordinary_booking_through(desk: Desk) -> None:
    underneath = await desk.book(MONDAY + minutes(60))
    booked = await desk.book()
    await desk.move(booked.id, MONDAY + minutes(60), overrides=ALL)
    await desk.move(underneath.id, MONDAY + minutes(180))
    with pytest.raises(NotFree):
        await desk.book(MONDAY + minutes(60))


@pytest.mark.parametrize(
    ("is_host", "override_by", "code"),
    [
        pytest.param(True, "hosts", None, id="a host of it"),
        pytest.param(True, "admins", "override-not-allowed", id="a host where only admins may"),
        pytest.param(False, "hosts", "forbidden", id="a colleague"),
    ],
)
@pytest.mark.parametrize("operation", ["move", "book"])
async def test_ignoring_availability_needs_a_caller_who_may(
    desk: Desk, operation: str, is_host: bool, override_by: str, code: str | None
) -> None:
    booked = await desk.book()
    desk.caller = desk.caller_for(desk.company.user_id if is_host else await desk.add_host(), override_by=override_by)
    evening = MONDAY + timedelta(hours=9)
    change = desk.move(booked.id, evening, overrides=ALL) if operation == "move" else desk.book(evening, overrides=ALL)
    if code is None:
        await change
        return
    with pytest.raises(Forbidden) as refusal:
        await change
    assert refusal.value.code == code
    assert await desk.rows("SELECT start_at FROM blocked_times WHERE company_id = %(company_id)s") == [(booked.start,)]


async def test_nobody_moves_into_the_past_not_even_overriding(desk: Desk) -> None:
    booked = await desk.book()
    with pytest.raises(Conflict) as refusal:
        await desk.move(booked.id, desk.now - timedelta(hours=1), overrides=ALL)
    assert refusal.value.code == "in-the-past"


async def test_all_hosts_have_to_be_free(desk: Desk) -> None:
    second = await desk.add_host()
    both = await desk.book(host_ids=(desk.company.user_id, second))
    await desk.book(MONDAY + minutes(60), host_ids=(second,))
    with pytest.raises(NotFree) as refusal:
        await desk.move(both.id, MONDAY + minutes(60))
    assert {conflict.host_id for conflict in refusal.value.conflicts} == {second}


async def _outside_event(desk: Desk, start: datetime, uid: str) -> None:
    connection_id = uuid4()
    await desk.execute(
        """INSERT INTO connections (company_id, id, user_id, provider, kind) VALUES
        (%(company_id)s, %(id)s, %(host)s, 'caldav', 'calendar')""",
        id=connection_id,
        host=desk.company.user_id,
    )
    await desk.execute(
        """INSERT INTO external_busy_times (company_id, user_id, connection_id, start_at, end_at, uid)
        VALUES (%(company_id)s, %(host)s, %(id)s, %(start)s, %(end)s, %(uid)s)""",
        host=desk.company.user_id,
        id=connection_id,
        start=start,
        end=start + minutes(30),
        uid=uid,
    )
