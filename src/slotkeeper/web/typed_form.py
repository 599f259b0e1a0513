"""What was typed into a form of ours, as a browser sends it; whatever else was sent is an empty form."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from litestar import Request

from slotkeeper.errors import Malformed

Typed = Mapping[str, Sequence[str]]
"""By field; one that was left empty is not there."""

LONGEST = 500
_MOST_FIELDS = 50
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


async def typed_form(request: Request[Any, Any, Any]) -> Typed:
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return parse_qs(body, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}


def text_of(typed: Typed, field: str) -> str | None:
    """None where nothing was typed. Without NUL, which PostgreSQL does not store."""
    return "".join(typed.get(field, ())[:1]).replace("\0", "").strip()[:LONGEST] or None


def id_of(typed: Typed, field: str) -> UUID:
    """Raises ``Malformed``."""
    try:
        return UUID(text_of(typed, field) or "")
    except ValueError as error:
        raise Malformed.field(field, "must be a UUID") from error


def instants_of(typed: Typed, field: str) -> tuple[datetime, ...]:
    """Each once. Raises ``Malformed`` for what has no zone, parts of a second, or lies outside 2000 to 2200."""
    try:
        given = [datetime.fromisoformat(value).astimezone(UTC) for value in typed.get(field, ()) if _has_zone(value)]
    except (ValueError, OverflowError) as error:
        raise Malformed.field(field, "must be an instant with a zone") from error
    if len(given) != len(typed.get(field, ())) or not all(map(_is_whole_and_near, given)):
        raise Malformed.field(field, "must be an instant with a zone")
    return tuple(dict.fromkeys(given))


def _has_zone(value: str) -> bool:
    return datetime.fromisoformat(value).tzinfo is not None


def _is_whole_and_near(instant: datetime) -> bool:
    return not instant.microsecond and _EARLIEST <= instant < _LATEST
