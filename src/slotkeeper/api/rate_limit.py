"""How many requests a credential may send, as far as this process sees them. Pure; it costs no statement.

Single routes have limits of their own, which hold over all processes: ``api/at_most.py``.
"""

from datetime import UTC, datetime, timedelta

from slotkeeper.errors import TooManyRequests

_BURST = 2
_MINUTE = 60_000_000  # microseconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SWEEP_AT = 1000


class RateLimit:
    """``a_minute`` requests of each credential, and twice as many at once after a pause of two minutes.

    The generic cell rate algorithm in integers: a credential's tokens are one instant, at which all of them are there.
    Time is counted in parts of a microsecond, ``a_minute`` of them, so that a token takes a whole number of them.
    """

    def __init__(self, a_minute: int) -> None:
        self._parts = a_minute
        self._room = _BURST * a_minute * _MINUTE
        self._full_at: dict[bytes, int] = {}
        self._sweep_at = _SWEEP_AT

    def take(self, credential: bytes, now: datetime) -> None:
        """Raises ``TooManyRequests`` where it has no token left."""
        at = self._instant(now)
        full_at = max(self._full_at.get(credential, at), at) + _MINUTE
        if (lacks := full_at - at - self._room) > 0:
            raise TooManyRequests(-(-lacks // self._parts) * _MICROSECOND)
        self._full_at[credential] = full_at
        if len(self._full_at) > self._sweep_at:
            self._full_at = {known: full for known, full in self._full_at.items() if full > at}
            self._sweep_at = max(_SWEEP_AT, 2 * len(self._full_at))

    def _instant(self, now: datetime) -> int:
        return (now - _EPOCH) // _MICROSECOND * self._parts
