"""A booking that uses up a one-time link (docs/decisions/0052).

It names the link by its id or by its token. It reads ``ASKED_LINK_JSON`` with ``link_params``, decides with
``require_usable``, and in its write runs ``USE_LINK`` as the CTE ``link``, inserting only where ``LINK_IS_USED``: of
two bookings at once one finds the link used and decides anew.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Conflict, NotFound
from slotkeeper.secrets import hash_token


class AskedLink(msgspec.Struct, frozen=True, kw_only=True):
    """What decides whether a booking may use it."""

    id: UUID
    meeting_type_id: UUID
    expires_at: datetime | None
    used_at: datetime | None


class OpenedLink(msgspec.Struct, frozen=True, kw_only=True):
    """Where a mailed link leads now."""

    link: AskedLink
    owner_slug: str
    slug: str


def link_params(asked: str | None) -> Mapping[str, object]:
    """What a booking's ``oneTimeLinkId`` is looked up by: an id, or the token of the mailed address."""
    try:
        return {"one_time_link_id": UUID(asked), "one_time_link_hash": None}
    except (TypeError, ValueError):
        return {"one_time_link_id": None, "one_time_link_hash": None if asked is None else hash_token(asked)}


def require_usable(asked: str | None, link: AskedLink | None, meeting_type_id: UUID, now: datetime) -> UUID | None:
    """The id of the link to use up, None if none was asked for. Pure.

    Raises ``NotFound`` alike for an unknown, a revoked and another meeting type's link, and ``Conflict`` for one that
    was used (one-time-link-used) or has expired (one-time-link-expired).
    """
    if asked is None:
        return None
    if link is None or link.meeting_type_id != meeting_type_id:
        raise unknown_link()
    if link.used_at is not None:
        raise used_link()
    if link.expires_at is not None and link.expires_at <= now:
        raise Conflict("this one-time link has expired", code="one-time-link-expired")
    return link.id


async def open_link(connection: Connection, token: str, now: datetime) -> OpenedLink:
    """Whose company's it is, the token decides. Raises as ``require_usable``."""
    opened = await fetch(connection, OpenedLink, _OPEN, {"token_hash": hash_token(token)})
    if opened is None:
        raise unknown_link()
    require_usable(token, opened.link, opened.link.meeting_type_id, now)
    return opened


def unknown_link() -> NotFound:
    return NotFound("one-time link not found")


def used_link() -> Conflict:
    return Conflict("this one-time link was used", code="one-time-link-used")


_ASKED = """json_build_object(
    'id', l.id, 'meeting_type_id', l.meeting_type_id, 'expires_at', l.expires_at, 'used_at', l.used_at
)"""

ASKED_LINK_JSON = f"""(
    SELECT {_ASKED} FROM one_time_links l
    WHERE l.company_id = %(company_id)s AND l.revoked_at IS NULL
        AND (l.id = %(one_time_link_id)s::uuid OR l.token_hash = %(one_time_link_hash)s::bytea)
)"""

USE_LINK = """
    UPDATE one_time_links SET used_at = %(now)s, appointment_id = %(id)s
    WHERE company_id = %(company_id)s AND id = %(used_link_id)s::uuid AND used_at IS NULL AND revoked_at IS NULL
        AND (SELECT count(*) FROM unchanged) = cardinality(%(host_ids)s::uuid[])
    RETURNING id
"""
"""``used_link_id`` is what ``require_usable`` gave; ``unchanged`` are the hosts as in ``recording.HOSTS_UNCHANGED``."""

LINK_IS_USED = "(%(used_link_id)s::uuid IS NULL OR EXISTS (SELECT FROM link))"

_OPEN = f"""
    SELECT json_build_object('link', {_ASKED}, 'owner_slug', u.slug, 'slug', t.slug)::text
    FROM one_time_links l
    JOIN meeting_types t ON t.company_id = l.company_id AND t.id = l.meeting_type_id
    JOIN users u ON u.company_id = t.company_id AND u.id = t.user_id
    WHERE l.token_hash = %(token_hash)s AND l.revoked_at IS NULL AND t.deleted_at IS NULL AND t.enabled
        AND u.deleted_at IS NULL
"""
