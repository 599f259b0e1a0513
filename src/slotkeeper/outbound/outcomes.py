"""What a status code means for a job: done, later, or a person must act. Shared by every provider. Pure.

A provider that answers in its own way (Google's 403 for too many requests, 412 of CalDAV) looks at that first.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.outbound.client import Response

RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
LONGEST_RETRY_AFTER = timedelta(hours=24)


class ErrorCodes(msgspec.Struct, frozen=True, kw_only=True):
    """The provider's codes of docs/errors.md for what only a person can mend."""

    reconnect: str
    """401 and 403: the credentials are wrong, expired, or may too little."""
    gone: str
    """404 and 410: what was addressed is not there any more."""
    rejected: str
    """Everything else that asking again would not change."""


def require_success(response: Response, codes: ErrorCodes) -> None:
    """Nothing for 2xx. Raises ``Later`` for ``RETRYABLE``, with the wait that was asked for; else ``PersonMustAct``."""
    if 200 <= response.status < 300:
        return
    detail = f"answered {response.status}"
    if response.status in RETRYABLE:
        raise Later(detail, retry_in=retry_after(response))
    raise PersonMustAct(detail, error_code=_code(response.status, codes))


def retry_after(response: Response) -> timedelta | None:
    """The answer's Retry-After (RFC 9110 section 10.2.3: seconds or a date), at most a day; None without one."""
    text = response.headers.get("retry-after", "").strip()
    wait = _seconds(text) if text.isascii() and text.isdigit() else _until(text, response.received_at)
    return None if wait is None else min(max(wait, timedelta(0)), LONGEST_RETRY_AFTER)


def _seconds(digits: str) -> timedelta:
    # More than nine digits are decades, and too much for a timedelta.
    return timedelta(seconds=int(digits[:9]))


def _until(http_date: str, now: datetime) -> timedelta | None:
    try:
        date = parsedate_to_datetime(http_date)
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)) - now


def _code(status: int, codes: ErrorCodes) -> str:
    if status in (401, 403):
        return codes.reconnect
    return codes.gone if status in (404, 410) else codes.rejected
