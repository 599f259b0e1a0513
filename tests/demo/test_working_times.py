from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.demo.working_times import working_times

CLOCKS = [time(10), time(14, 30), time(11)]


@given(
    now=st.integers(1_767_225_600, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    zone=st.sampled_from(["Europe/London", "Pacific/Kiritimati", "Pacific/Niue", "Australia/Lord_Howe"]),
)
def test_the_times_are_on_successive_working_days_with_every_reminder_still_ahead(now: datetime, zone: str) -> None:
    times = working_times(now, zone, CLOCKS)
    assert [at.time() for at in times] == CLOCKS
    assert all(at.weekday() < 5 for at in times)
    assert sorted({at.date() for at in times}) == [at.date() for at in times]
    assert times[0] - now > timedelta(days=1)
