from uuid import UUID

import pytest

from slotkeeper.availability.rules import Reason, why_not_free
from tests.availability.worlds import (
    DAY,
    HOST,
    HOUR,
    MINUTE,
    Busy,
    appointment,
    at,
    every_day,
    host,
    names,
    rules,
)

NOON = at("2026-03-02 12:00")
LONG_AGO = NOON - 1000 * DAY


@pytest.mark.parametrize(
    ("theirs", "mine", "least"),
    [
        pytest.param((0, 0), (0, 0), (0, 0), id="no buffers"),
        pytest.param((0, 10), (0, 0), (0, 10), id="only theirs, after"),
        pytest.param((10, 0), (0, 0), (10, 0), id="only theirs, before"),
        pytest.param((0, 0), (10, 0), (0, 10), id="only mine, before"),
        pytest.param((0, 0), (0, 10), (10, 0), id="only mine, after"),
        pytest.param((0, 10), (15, 0), (0, 15), id="mine is longer"),
        pytest.param((0, 20), (15, 0), (0, 20), id="theirs is longer; they are not added up"),
        pytest.param((5, 20), (15, 30), (30, 20), id="all four"),
    ],
)
def test_between_two_appointments_lies_at_least_the_longer_of_after_the_earlier_and_before_the_later(
    theirs: tuple[int, int], mine: tuple[int, int], least: tuple[int, int]
) -> None:
    """Invariant 12; ``least`` is the least gap in minutes when the asked time is the earlier, the later one."""
    other = appointment(NOON, NOON + HOUR, before=theirs[0] * MINUTE, after=theirs[1] * MINUTE)
    asked = rules(30 * MINUTE, slot_interval=1, buffer_before=mine[0] * MINUTE, buffer_after=mine[1] * MINUTE)
    latest_before = NOON - 30 * MINUTE - least[0] * MINUTE
    earliest_after = NOON + HOUR + least[1] * MINUTE
    reason = Reason("buffer", HOST, other.start, other.end)
    assert why_not_free(latest_before, asked, [host(other)], LONG_AGO) == ()
    assert why_not_free(earliest_after, asked, [host(other)], LONG_AGO) == ()
    for too_near in {latest_before + 1, earliest_after - 1} if any(least) else ():
        reasons = why_not_free(too_near, asked, [host(other)], LONG_AGO)
        overlapping = other.start - 30 * MINUTE < too_near < other.end
        assert reasons == ((Reason("slot-occupied", HOST, other.start, other.end),) if overlapping else (reason,))


def test_buffers_count_per_host() -> None:
    """Invariant 12: the other host's appointment next door is no concern of the first host."""
    busy = host(appointment(NOON - HOUR, NOON, after=10 * MINUTE))
    idle = host(host_id=UUID(int=101))
    assert names(why_not_free(NOON, rules(), [idle], LONG_AGO)) == []
    [reason] = why_not_free(NOON, rules(), [idle, busy], LONG_AGO)
    assert (reason.rule, reason.host_id) == ("buffer", HOST)


def test_a_calendar_event_has_no_buffers_and_keeps_the_meetings_own() -> None:
    event = Busy(NOON, NOON + HOUR, "calendar")
    assert why_not_free(NOON + HOUR, rules(), [host(event)], LONG_AGO) == ()
    assert names(why_not_free(NOON + HOUR, rules(buffer_before=MINUTE), [host(event)], LONG_AGO)) == ["buffer"]


@pytest.mark.parametrize(
    ("must_stay", "start", "free"),
    [
        pytest.param(False, "09:00", True, id="the buffer before may lie outside"),
        pytest.param(False, "16:30", True, id="the buffer after may lie outside"),
        pytest.param(True, "09:00", False, id="the buffer before would lie outside"),
        pytest.param(True, "09:15", True, id="both buffers fit"),
        pytest.param(True, "16:15", True, id="both buffers fit to the minute"),
        pytest.param(True, "16:30", False, id="the buffer after would lie outside"),
    ],
)
def test_buffers_stay_within_working_hours_where_they_must(must_stay: bool, start: str, free: bool) -> None:
    asked = rules(buffer_before=15 * MINUTE, buffer_after=15 * MINUTE, buffer_must_stay_within_working_hours=must_stay)
    someone = host(schedule=every_day("09:00-17:00"))
    reasons = why_not_free(at(f"2026-03-02 {start}"), asked, [someone], LONG_AGO)
    assert names(reasons) == ([] if free else ["outside-working-hours"])
