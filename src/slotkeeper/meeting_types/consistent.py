"""What must hold of a meeting type as a whole, beyond each member's own bounds. Pure."""

from datetime import UTC, date, datetime

from slotkeeper.availability.booking_window import DaysIntoFuture
from slotkeeper.errors import Malformed
from slotkeeper.meeting_types.meeting_type import Settings
from slotkeeper.records.attendee_policy import CancellationPolicy

MAX_METADATA = 20
_LONGEST_NOTICE = {"hours": 8784, "days": 366}
_FIRST_YEAR, _LAST_YEAR = 2000, 2199


def require_consistent(settings: Settings) -> None:
    """Raises ``Malformed`` naming the field."""
    if not settings.meeting_info.name:
        raise Malformed.field("meetingInfo.name", "is required")
    if len(settings.metadata) > MAX_METADATA:
        raise Malformed.field("metadata", f"must have at most {MAX_METADATA} keys")
    _require_window(settings.days_into_future)
    _require_policy("reschedulingPolicy", settings.rescheduling_policy)
    _require_policy("cancellationPolicy", settings.cancellation_policy)


def _require_policy(field: str, policy: CancellationPolicy) -> None:
    if policy.enabled and policy.mode is None:
        raise Malformed.field(f"{field}.mode", "is required for an enabled policy")
    if policy.mode not in _LONGEST_NOTICE:
        return
    if policy.enabled and policy.duration is None:
        raise Malformed.field(f"{field}.duration", f"is required for a notice in {policy.mode}")
    if policy.duration is not None and policy.duration > _LONGEST_NOTICE[policy.mode]:
        raise Malformed.field(f"{field}.duration", f"must be at most {_LONGEST_NOTICE[policy.mode]} {policy.mode}")


def _require_window(days: DaysIntoFuture) -> None:
    if days.mode == "limit" and days.booking_limit is None:
        raise Malformed.field("daysIntoFuture.bookingLimit", "is required for the mode limit")
    first = _date("daysIntoFuture.rangeMin", days.range_min)
    last = _date("daysIntoFuture.rangeMax", days.range_max)
    if first and last and first > last:
        raise Malformed.field("daysIntoFuture.rangeMax", "must not lie before rangeMin")


def _date(field: str, text: str | None) -> date | None:
    """As ``booking_window`` reads it; an instant's date is taken in UTC, so that a range of one day may be given."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        day = (at if at.tzinfo is None else at.astimezone(UTC)).date()
    except (ValueError, OverflowError) as error:
        raise Malformed.field(field, "must be an ISO 8601 date") from error
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Malformed.field(field, "must lie between 2000 and 2200")
    return day
