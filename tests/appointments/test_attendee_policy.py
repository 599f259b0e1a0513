"""What attendees may do themselves: the policies as a table, and what must hold whatever the numbers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.appointments.attendee_policy import (
    Refusal,
    furthest_starts,
    policy_allows,
    policy_allows_cancelling,
    policy_allows_moving,
)
from slotkeeper.records.attendee_policy import CancellationPolicy, ReschedulingPolicy

START = datetime(2026, 3, 30, 9, tzinfo=UTC)
"""A Monday; in most of Europe the clocks went forward the day before."""
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(hours=24), timedelta(seconds=1)


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


def move(
    *,
    before_start: timedelta = 30 * DAY,
    shift: timedelta = HOUR,
    changes: int = 0,
    reason: str | None = None,
    **policy: Any,
) -> str | None:
    wanted = ReschedulingPolicy(**policy)
    return code(policy_allows(wanted, START, changes, START + shift, START - before_start, reason))


def on(**policy: Any) -> dict[str, Any]:
    return {"enabled": True, "mode": "hours", "duration": 0, **policy}


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        pytest.param({"before_start": SECOND}, None, id="off: until the start"),
        pytest.param({"before_start": 0 * HOUR}, "reschedule-too-late", id="off: not at the start"),
        pytest.param({"before_start": -HOUR}, "reschedule-too-late", id="off: not after it"),
        pytest.param(
            {
                "mode": "disabled",
                "max_changes": 1,
                "changes": 9,
                "max_shift_days": 1,
                "shift": 9 * DAY,
                "reason_required": True,
            },
            None,
            id="off: nothing of it holds",
        ),
        pytest.param({"enabled": True, "mode": "disabled"}, "reschedule-disabled", id="disabled"),
        pytest.param(on(duration=24, before_start=DAY), None, id="24 hours of notice, exactly"),
        pytest.param(on(duration=24, before_start=DAY - SECOND), "reschedule-too-late", id="24 hours, a second less"),
        pytest.param(
            on(mode="days", duration=2, before_start=2 * DAY), None, id="a day is 24 hours, over a clock change"
        ),
        pytest.param(
            on(mode="days", duration=2, before_start=2 * DAY - SECOND),
            "reschedule-too-late",
            id="two days, a second less",
        ),
        pytest.param(on(before_start=SECOND), None, id="no notice: until the start"),
        pytest.param(on(before_start=0 * HOUR), "reschedule-too-late", id="no notice: not at the start"),
        pytest.param(on(max_changes=2, changes=1), None, id="the last move that is allowed"),
        pytest.param(on(max_changes=2, changes=2), "reschedule-too-often", id="one move too many"),
        pytest.param(on(max_shift_days=7, shift=7 * DAY), None, id="as far as allowed"),
        pytest.param(on(max_shift_days=7, shift=7 * DAY + SECOND), "reschedule-too-far", id="a second too far"),
        pytest.param(on(max_shift_days=7, shift=-7 * DAY - SECOND), "reschedule-too-far", id="too far, to the past"),
        pytest.param(on(reason_required=True), "reason-required", id="no reason"),
        pytest.param(on(reason_required=True, reason=" \n"), "reason-required", id="a blank reason"),
        pytest.param(on(reason_required=True, reason="ill"), None, id="a reason"),
        pytest.param(
            on(duration=24, before_start=HOUR, max_changes=1, changes=1),
            "reschedule-too-late",
            id="lateness comes first",
        ),
    ],
)
def test_an_attendee_may_move_an_appointment(case: dict[str, Any], expected: str | None) -> None:
    assert move(**case) == expected


@pytest.mark.parametrize(
    ("policy", "before_start", "expected"),
    [
        pytest.param({}, SECOND, None, id="off: until the start"),
        pytest.param({}, 0 * HOUR, "cancellation-too-late", id="off: not at the start"),
        pytest.param({"enabled": True, "mode": "disabled"}, 9 * DAY, "cancellation-disabled", id="disabled"),
        pytest.param({"mode": "disabled"}, HOUR, None, id="disabled, but off"),
        pytest.param({"enabled": True, "mode": "hours", "duration": 3}, 3 * HOUR, None, id="three hours, exactly"),
        pytest.param(
            {"enabled": True, "mode": "hours", "duration": 3}, 3 * HOUR - SECOND, "cancellation-too-late", id="less"
        ),
        pytest.param(
            {"enabled": True, "mode": "days", "duration": 1},
            DAY - SECOND,
            "cancellation-too-late",
            id="less than a day",
        ),
    ],
)
def test_an_attendee_may_cancel_an_appointment(
    policy: dict[str, Any], before_start: timedelta, expected: str | None
) -> None:
    assert code(policy_allows_cancelling(CancellationPolicy(**policy), START, START - before_start)) == expected


def test_a_refusal_says_until_when_it_would_have_been_allowed() -> None:
    policy = ReschedulingPolicy(enabled=True, mode="days", duration=2)
    refusal = policy_allows(policy, START, 0, START + DAY, START - HOUR, None)
    assert refusal is not None
    assert "until 2 days before it starts" in refusal.detail


POLICIES = st.builds(
    ReschedulingPolicy,
    enabled=st.booleans(),
    mode=st.sampled_from(["disabled", "hours", "days"]),
    duration=st.integers(0, 100),
    max_changes=st.none() | st.integers(1, 4),
    max_shift_days=st.none() | st.integers(1, 30),
    reason_required=st.booleans(),
)
NOTICE = st.timedeltas(min_value=-2 * DAY, max_value=120 * DAY)
SHIFT = st.timedeltas(min_value=-40 * DAY, max_value=40 * DAY)


@given(policy=POLICIES, notice=NOTICE, shift=SHIFT, changes=st.integers(0, 5), earlier=NOTICE)
def test_what_is_allowed_was_allowed_earlier_with_fewer_moves_and_for_a_shorter_way(
    policy: ReschedulingPolicy, notice: timedelta, shift: timedelta, changes: int, earlier: timedelta
) -> None:
    now = START - notice
    if policy_allows(policy, START, changes, START + shift, now, "why") is None:
        for fewer in range(changes + 1):
            assert policy_allows(policy, START, fewer, START + shift / 2, now - abs(earlier), "why") is None


@given(policy=POLICIES, notice=NOTICE, shift=SHIFT, changes=st.integers(0, 5))
def test_a_move_with_a_reason_is_allowed_if_any_is_and_the_start_lies_between_the_furthest(
    policy: ReschedulingPolicy, notice: timedelta, shift: timedelta, changes: int
) -> None:
    now, new_start = START - notice, START + shift
    first, last = furthest_starts(policy, START) or (new_start, new_start)
    possible = policy_allows_moving(policy, START, changes, now) is None and first <= new_start <= last
    assert (policy_allows(policy, START, changes, new_start, now, "why") is None) == possible


@given(
    policy=POLICIES, notice=NOTICE, shift=SHIFT, changes=st.integers(0, 5), reason=st.sampled_from([None, "", "why"])
)
def test_cancelling_under_the_same_policy_is_bound_by_its_notice_alone(
    policy: ReschedulingPolicy, notice: timedelta, shift: timedelta, changes: int, reason: str | None
) -> None:
    now = START - notice
    moving = code(policy_allows(policy, START, changes, START + shift, now, reason))
    cancelling = code(policy_allows_cancelling(policy, START, now))
    by_notice = moving in ("reschedule-disabled", "reschedule-too-late")
    assert (cancelling or "").replace("cancellation", "reschedule") == (moving if by_notice else "")


@given(policy=POLICIES, notice=NOTICE)
def test_nobody_is_let_in_later_than_without_a_policy(policy: ReschedulingPolicy, notice: timedelta) -> None:
    now = START - notice
    if policy_allows_cancelling(CancellationPolicy(), START, now) is not None:
        assert policy_allows_cancelling(policy, START, now) is not None
