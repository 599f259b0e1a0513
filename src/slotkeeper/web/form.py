"""What a person typed into a page's form, or has in the address bar."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request


async def typed_into(request: Request[Any, Any, Any]) -> dict[str, str]:
    """By the fields' names; a body that is no form is an empty one."""
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


def instant_in(text: str | None) -> datetime | None:
    """In UTC, as ``pick_time`` writes it into a link; None for what is no whole second of the years 2000 to 2199."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if at.tzinfo is None or not _FIRST <= at < _END or at.microsecond:
        return None
    return at.astimezone(UTC)


_FIRST, _END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
