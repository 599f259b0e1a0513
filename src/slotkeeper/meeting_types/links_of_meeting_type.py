"""One-time links of a meeting type: made, listed, revoked."""

import secrets
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from slotkeeper.db.pool import Connection, execute, fetch, fetch_all
from slotkeeper.meeting_types.find import get_type, require_may_edit
from slotkeeper.meeting_types.one_time_links import unknown_link, used_link
from slotkeeper.records.caller import Caller
from slotkeeper.secrets import hash_token

_TOKEN_BYTES = 24


class OneTimeLink(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``expiresAt`` null: until it is used or revoked."""

    id: UUID
    meeting_type_id: UUID
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    appointment_id: UUID | None


class NewLink(msgspec.Struct, frozen=True, kw_only=True):
    """``token`` is known now and never again: only its hash is stored."""

    link: OneTimeLink
    token: str

    def __repr__(self) -> str:
        return f"NewLink(link={self.link!r})"


async def create_link(
    connection: Connection, caller: Caller, meeting_type_id: UUID, expires_at: datetime | None, now: datetime
) -> NewLink:
    """By the meeting type's owner or an admin. Raises ``NotFound`` or ``Forbidden``."""
    await _require_may_edit(connection, caller, meeting_type_id)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    link = OneTimeLink(
        id=uuid4(),
        meeting_type_id=meeting_type_id,
        created_at=now,
        expires_at=expires_at,
        used_at=None,
        appointment_id=None,
    )
    params = {
        **msgspec.structs.asdict(link),
        "company_id": caller.company_id,
        "created_by": caller.user_id,
        "token_hash": hash_token(token),
    }
    await execute(connection, _INSERT, params)
    return NewLink(link=link, token=token)


async def list_links(connection: Connection, caller: Caller, meeting_type_id: UUID) -> list[OneTimeLink]:
    """Those of a meeting type that are not revoked, newest first. Raises ``NotFound`` or ``Forbidden``."""
    await _require_may_edit(connection, caller, meeting_type_id)
    return await fetch_all(connection, OneTimeLink, _LIST, {"company_id": caller.company_id, "id": meeting_type_id})


async def revoke_link(connection: Connection, caller: Caller, link_id: UUID, now: datetime) -> None:
    """Raises ``NotFound``, ``Forbidden``, and ``Conflict`` for a link that was used."""
    link = await fetch(connection, OneTimeLink, _GET, {"company_id": caller.company_id, "id": link_id})
    if link is None:
        raise unknown_link()
    await _require_may_edit(connection, caller, link.meeting_type_id)
    cursor = await execute(connection, _REVOKE, {"company_id": caller.company_id, "id": link_id, "now": now})
    if cursor.rowcount == 0:
        raise used_link()


async def _require_may_edit(connection: Connection, caller: Caller, meeting_type_id: UUID) -> None:
    require_may_edit(caller, await get_type(connection, caller.company_id, meeting_type_id))


_LINK_JSON = """json_build_object(
    'id', l.id, 'meetingTypeId', l.meeting_type_id, 'createdAt', l.created_at, 'expiresAt', l.expires_at,
    'usedAt', l.used_at, 'appointmentId', l.appointment_id
)::text"""

_INSERT = """
    INSERT INTO one_time_links (company_id, id, meeting_type_id, token_hash, created_by, created_at, expires_at)
    VALUES (
        %(company_id)s, %(id)s, %(meeting_type_id)s, %(token_hash)s, %(created_by)s, %(created_at)s, %(expires_at)s
    )
"""

_LIST = f"""
    SELECT {_LINK_JSON} FROM one_time_links l
    WHERE l.company_id = %(company_id)s AND l.meeting_type_id = %(id)s AND l.revoked_at IS NULL
    ORDER BY l.created_at DESC, l.id
"""

_GET = f"""
    SELECT {_LINK_JSON} FROM one_time_links l
    WHERE l.company_id = %(company_id)s AND l.id = %(id)s AND l.revoked_at IS NULL
"""

_REVOKE = """
    UPDATE one_time_links SET revoked_at = %(now)s
    WHERE company_id = %(company_id)s AND id = %(id)s AND used_at IS NULL AND revoked_at IS NULL
"""
