"""A form in which a field may be there several times, as a browser sends it; else an empty one (one value: form.py)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from litestar import Request

from slotkeeper.errors import Malformed
from slotkeeper.web.form import instant_in

Typed = Mapping[str, Sequence[str]]
"""By field; one that was left empty is not there."""

LONGEST = 500
_MOST_FIELDS = 50


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
    """Each once. Raises ``Malformed``."""
    found = [instant_in(value) for value in typed.get(field, ())]
    given = [instant for instant in found if instant is not None]
    if len(given) < len(found):
        raise Malformed.field(field, "must be an instant with a zone")
    return tuple(dict.fromkeys(given))
