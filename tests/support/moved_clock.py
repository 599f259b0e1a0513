"""A clock that stands still until the test moves it."""

from datetime import UTC, datetime, timedelta


class MovedClock:
    """Begins now, so that tokens of the real clock are valid."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=250_000)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)
