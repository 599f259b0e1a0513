"""The settings of a meeting type as columns of its row."""

from collections.abc import Mapping

from msgspec import Struct, to_builtins
from psycopg.types.json import Jsonb

from slotkeeper.meeting_types.meeting_type import Settings

_JSON = (
    "meeting_info", "translations", "meeting_options", "days_into_future", "resource_channels", "ics", "metadata",
    "rescheduling_policy", "cancellation_policy", "crm_options",
)  # fmt: skip
_PLAIN = (
    "enabled", "spots", "locations", "timeslot_interval", "booking_minimum", "availability_id", "internal_notes",
    "is_global_queue", "workspace_id", "reminders",
)  # fmt: skip
COLUMNS = (*_JSON, *_PLAIN, "booking_limits", "slug", "booking_password_hash")
"""All that an edit writes: every one of them each time, while the row is locked."""


def column_params(settings: Settings, slug: str, password_hash: str | None) -> Mapping[str, object]:
    values = {name: getattr(settings, name) for name in (*_JSON, *_PLAIN)}
    return {
        **{name: list(value) if isinstance(value, tuple) else value for name, value in values.items()},
        **{name: json_column(values[name]) for name in _JSON},
        "booking_limits": Jsonb(_set_members(settings.booking_limits)),
        "slug": slug,
        "booking_password_hash": password_hash,
    }


def json_column(value: object) -> Jsonb:
    return Jsonb(to_builtins(value))


def _set_members(limits: Struct) -> Mapping[str, object]:
    """A period without a limit has no key: the rule and its reach look at the keys (appointments/situation.py)."""
    return {name: limit for name, limit in to_builtins(limits).items() if limit is not None}
