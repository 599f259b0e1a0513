"""When a failed effect is tried again, and when a person has to. Pure."""

from datetime import timedelta

from slotkeeper.records.effect import EffectKind
from slotkeeper.webhooks.schedule import RETRY_AFTER as WEBHOOK_RETRY_AFTER

_RETRY_AFTER = tuple(
    timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
)

GIVEN_UP: dict[EffectKind, str] = {
    "email": "email_undeliverable",
    "reminder": "email_undeliverable",
    "message": "email_undeliverable",
    "calendar": "calendar_unreachable",
    "meeting_link": "meeting_link_unreachable",
    "crm": "crm_unreachable",
    "webhook": "webhook_failed",
}


def retry_in(kind: EffectKind, failed_attempts: int, wished: timedelta | None = None) -> timedelta | None:
    """How long to wait after the n-th failed attempt (1 is the first); None when the patience is used up.

    ``wished`` is the provider's own Retry-After; it never shortens the wait.
    """
    schedule = [wait for wait in WEBHOOK_RETRY_AFTER if wait] if kind == "webhook" else _RETRY_AFTER
    if failed_attempts > len(schedule):
        return None
    return max(schedule[failed_attempts - 1], wished or timedelta(0))
