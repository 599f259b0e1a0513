"""When a webhook that was not accepted is sent again: the schedule that Standard Webhooks recommends."""

from datetime import timedelta

RETRY_AFTER: tuple[timedelta, ...] = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The wait before each attempt, from the one before; the first is sent at once. After the last, a person must act."""
