"""Whatever stands in the way is seen, however far it reaches: invariants 13 and 18."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from slotkeeper.errors import NotFree
from tests.support.desk import MONDAY, Desk, minutes


@pytest.mark.parametrize(("period", "days"), [("day", 0), ("week", 4), ("month", 24)])
async def test_a_limit_sees_its_whole_period(desk: Desk, period: str, days: int) -> None:
    """From the first to the last working hour of it: Monday, Friday, and the month's last Thursday."""
    other = await desk.book(MONDAY)
    booked = await desk.book(MONDAY + timedelta(days=60))
    await desk.set_type(booking_limits={period: 1})
    end_of_period = MONDAY + timedelta(days=days, hours=6, minutes=30)
    with pytest.raises(NotFree) as refusal:
        await desk.move(booked.id, end_of_period)
    assert refusal.value.code == "limit-reached"
    await desk.cancel(other.id)
    await desk.move(booked.id, end_of_period)


@pytest.mark.parametrize("what", ["a hold", "an unconfirmed appointment", "one that began 23 hours before"])
async def test_holds_unconfirmed_and_long_appointments_block(desk: Desk, what: str) -> None:
    booked = await desk.book(MONDAY + timedelta(days=1))
    wanted = MONDAY + minutes(90)
    if what == "an unconfirmed appointment":
        await desk.book(wanted)
        await desk.execute("UPDATE appointments SET status = 'tentative' WHERE company_id = %(company_id)s")
    else:
        began = wanted - timedelta(hours=23) if "began" in what else wanted
        await _block(desk, began, wanted + minutes(30), source="hold" if what == "a hold" else "appointment")
        await desk.move(booked.id, wanted + minutes(30))
    with pytest.raises(NotFree) as refusal:
        await desk.move(booked.id, wanted)
    assert refusal.value.code == "slot-occupied"


async def _block(desk: Desk, start: datetime, end: datetime, source: str) -> None:
    await desk.execute(
        """INSERT INTO blocked_times (
            company_id, host_id, source, source_id, meeting_type_id, start_at, end_at, expires_at)
        VALUES (%(company_id)s, %(host)s, %(source)s, %(id)s, %(type)s, %(start)s, %(end)s, '2100-01-01')""",
        host=desk.company.user_id,
        source=source,
        id=uuid4(),
        type=desk.company.meeting_type_id,
        start=start,
        end=end,
    )
