import pytest

from slotkeeper.availability.rules import Reason, Source, why_not_free
from slotkeeper.availability.slots import free_slots
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
    ("start", "end", "free"),
    [
        pytest.param(-30, 0, True, id="ends as the other starts"),
        pytest.param(30, 60, True, id="starts as the other ends"),
        pytest.param(-30, 1, False, id="a minute into the start"),
        pytest.param(29, 60, False, id="a minute before the end"),
        pytest.param(0, 30, False, id="the same time"),
        pytest.param(-30, 60, False, id="enclosing"),
        pytest.param(10, 20, False, id="enclosed"),
        pytest.param(0, 20, False, id="the same start"),
        pytest.param(10, 30, False, id="the same end"),
    ],
)
def test_a_touching_appointment_does_not_overlap_and_an_enclosing_or_enclosed_one_does(
    start: int, end: int, free: bool
) -> None:
    """Invariant 11."""
    other = appointment(NOON, NOON + 30 * MINUTE)
    asked = rules((end - start) * MINUTE, slot_interval=MINUTE)
    reasons = why_not_free(NOON + start * MINUTE, asked, [host(other)], LONG_AGO)
    assert reasons == (() if free else (Reason("slot-occupied", HOST, other.start, other.end),))


@pytest.mark.parametrize("source", ["appointment", "hold", "calendar"])
def test_appointments_holds_and_outside_busy_time_block_alike(source: Source) -> None:
    assert names(why_not_free(NOON, rules(), [host(Busy(NOON, NOON + HOUR, source))], LONG_AGO)) == ["slot-occupied"]


def test_the_appointment_never_blocks_itself_nor_by_its_buffers_nor_in_its_limit() -> None:
    """Invariant 10, the rule's part: what is filtered out leaves no trace."""
    own = appointment(NOON, NOON + 30 * MINUTE, before=HOUR, after=HOUR)
    asked = rules(buffer_before=HOUR, buffer_after=HOUR, limits={"day": 1})
    for shift in (-45, -15, 0, 15, 45):
        start = NOON + shift * MINUTE
        assert "limit-reached" in names(why_not_free(start, asked, [host(own)], LONG_AGO))
        assert why_not_free(start, asked, [host()], LONG_AGO) == ()


@pytest.mark.parametrize("timezone", ["Etc/GMT+12", "America/New_York", "UTC", "Asia/Kathmandu", "Pacific/Kiritimati"])
def test_notice_and_booking_window_are_computed_on_instants_from_utc_minus_12_to_utc_plus_14(timezone: str) -> None:
    """Invariant 13: the zone of the host makes no difference."""
    asked = rules(slot_interval=1, minimum_notice=2 * HOUR, latest_start=NOON + DAY)
    someone = [host(timezone=timezone)]
    assert names(why_not_free(NOON - 1, asked, someone, NOON)) == ["in-the-past", "too-short-notice"]
    assert names(why_not_free(NOON + 2 * HOUR - 1, asked, someone, NOON)) == ["too-short-notice"]
    assert why_not_free(NOON + 2 * HOUR, asked, someone, NOON) == ()
    assert why_not_free(NOON + DAY, asked, someone, NOON) == ()
    assert names(why_not_free(NOON + DAY + 1, asked, someone, NOON)) == ["too-far-ahead"]
    assert free_slots(NOON, NOON + 2 * DAY, asked, someone, NOON)[:: 22 * HOUR] == [NOON + 2 * HOUR, NOON + DAY]


def test_the_first_start_that_is_not_in_the_past_is_now() -> None:
    asked = rules(slot_interval=1)
    assert free_slots(NOON - 10, NOON + 2, asked, [host()], NOON) == [NOON, NOON + 1]
    assert names(why_not_free(NOON - 1, asked, [host()], NOON)) == ["in-the-past"]


def test_a_start_before_the_booking_window_is_too_soon() -> None:
    reasons = why_not_free(NOON, rules(earliest_start=NOON + DAY), [host()], NOON)
    assert reasons == (Reason("too-short-notice", None, NOON, NOON + DAY),)


def test_every_rule_is_evaluated_and_each_conflict_names_what_stands_in_the_way() -> None:
    other = appointment(NOON, NOON + HOUR)
    near = appointment(NOON - 2 * HOUR, NOON - HOUR, after=2 * HOUR)
    someone = host(other, near, schedule=every_day("09:00-12:20"))
    asked = rules(minimum_notice=2 * HOUR, latest_start=NOON - DAY, limits={"day": 2})
    start, now = NOON + 5 * MINUTE, NOON + HOUR
    assert why_not_free(start, asked, [someone], now) == (
        Reason("in-the-past", None, start, now),
        Reason("slot-occupied", HOST, other.start, other.end),
        Reason("buffer", HOST, near.start, near.end),
        Reason("outside-working-hours", HOST, NOON + 20 * MINUTE, NOON + 35 * MINUTE),
        Reason("off-grid", HOST, NOON, NOON + 15 * MINUTE),
        Reason("too-short-notice", None, start, now + 2 * HOUR),
        Reason("too-far-ahead", None, NOON - DAY, start),
        Reason("limit-reached", HOST, at("2026-03-02"), at("2026-03-03")),
    )


@pytest.mark.parametrize("start", [at("0002-01-01"), at("9999-12-31 23:00")])
def test_an_absurd_start_is_refused_with_a_reason(start: int) -> None:
    asked = rules(latest_start=NOON + DAY, limits={"day": 1, "week": 1, "month": 1})
    reasons = why_not_free(start, asked, [host(timezone="Pacific/Kiritimati")], NOON)
    assert reasons[0].rule in {"in-the-past", "too-far-ahead"}


def test_a_meeting_and_a_grid_have_a_length() -> None:
    for duration, slot_interval in ((0, 60), (60, 0), (-60, 60)):
        with pytest.raises(ValueError, match="longer than nothing"):
            rules(duration, slot_interval=slot_interval)
