"""What a person typed into a page's form, as a browser sends it, or has in the address bar."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from litestar import Request

from slotkeeper.errors import Malformed

Typed = Mapping[str, Sequence[str]]
"""By field, which may be there several times; one that was left empty is not there."""

LONGEST = 500
_MOST_FIELDS = 100
_FIRST, _END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


async def typed_into(request: Request[Any, Any, Any]) -> dict[str, str]:
    """One value for each field, also for one that was left empty."""
    return {field: values[-1] for field, values in (await _fields(request, keep_empty=True)).items()}


async def typed_form(request: Request[Any, Any, Any]) -> Typed:
    return await _fields(request, keep_empty=False)


async def _fields(request: Request[Any, Any, Any], *, keep_empty: bool) -> Typed:
    """A body that is no form is an empty one."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return parse_qs(body, keep_blank_values=keep_empty, max_num_fields=_MOST_FIELDS)
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
    """Each once. Raises ``Malformed``."""
    found = [instant_in(value) for value in typed.get(field, ())]
    given = [instant for instant in found if instant is not None]
    if len(given) < len(found):
        raise Malformed.field(field, "must be an instant with a zone")
    return tuple(dict.fromkeys(given))


def instant_in(text: str | None) -> datetime | None:
    """In UTC, as ``pick_time`` writes it into a link; None for what is no whole second of the years 2000 to 2199."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if at.tzinfo is None or not _FIRST <= at < _END or at.microsecond:
        return None
    return at.astimezone(UTC)
