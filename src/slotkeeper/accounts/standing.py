"""What a company cannot do without: its owner, and one admin. Pure but for ``standing_of``."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Conflict, NotFound

_LONGEST = timedelta(hours=24)
"""No blocked time is longer."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """``held``: appointments and holds of theirs that have not ended; ``appointment_ids``: the first of them."""

    is_owner: bool
    is_last_admin: bool
    held: int
    appointment_ids: tuple[UUID, ...]


async def standing_of(connection: Connection, company_id: UUID, user_id: UUID, now: datetime) -> Standing:
    """Raises ``NotFound``. To act on it, lock the company first."""
    params = {"company_id": company_id, "id": user_id, "now": now, "since": now - _LONGEST}
    standing = await fetch(connection, Standing, _STANDING, params)
    if standing is None:
        raise NotFound(f"user {user_id} not found")
    return standing


def require_dispensable(standing: Standing) -> None:
    """Raises ``Conflict`` for the owner, and for the last admin."""
    if standing.is_owner:
        raise Conflict("the company's owner stays, and stays an admin", code="user-is-owner")
    if standing.is_last_admin:
        raise Conflict("the company needs another admin first", code="last-admin")


def require_free(standing: Standing) -> None:
    """Raises ``Conflict`` for somebody whom attendees still count on."""
    if standing.held:
        named = ", ".join(map(str, standing.appointment_ids))
        raise Conflict(
            f"appointments and holds ahead: {standing.held}; hand them over or cancel them first"
            + (f": {named}" if named else ""),
            code="user-has-appointments",
        )


_STANDING = """
    SELECT json_build_object(
        'is_owner', c.owner_id IS NOT DISTINCT FROM u.id,
        'is_last_admin', u.is_admin AND NOT EXISTS (
            SELECT FROM users o
            WHERE o.company_id = u.company_id AND o.id <> u.id AND o.is_admin AND o.deleted_at IS NULL
        ),
        'held', (
            SELECT count(*) FROM blocked_times b
            WHERE b.company_id = u.company_id AND b.host_id = u.id AND b.start_at > %(since)s AND b.end_at > %(now)s
                AND (b.expires_at IS NULL OR b.expires_at > %(now)s)
        ),
        'appointment_ids', (
            SELECT coalesce(json_agg(f.source_id ORDER BY f.start_at), '[]')
            FROM (
                SELECT b.source_id, b.start_at FROM blocked_times b
                WHERE b.company_id = u.company_id AND b.host_id = u.id AND b.source = 'appointment'
                    AND b.start_at > %(since)s AND b.end_at > %(now)s
                    AND (b.expires_at IS NULL OR b.expires_at > %(now)s)
                ORDER BY b.start_at LIMIT 20
            ) f
        )
    )::text
    FROM users u JOIN companies c ON c.id = u.company_id
    WHERE u.company_id = %(company_id)s AND u.id = %(id)s AND u.deleted_at IS NULL
"""
