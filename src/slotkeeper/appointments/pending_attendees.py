"""People who began to book and have not finished: kept until they book, or for a person to follow up."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.db.pool import Connection, execute, fetch_all
from slotkeeper.records.caller import Caller

NEWEST = 99
"""How many are listed (meetergo-v4-api.md 2.7)."""


class PendingAttendee(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: int
    company_id: str
    email: str | None = None
    bringalong_emails: tuple[str, ...] = ()
    notes: Mapping[str, object] = {}
    phone: str | None = None
    language: str | None = None
    timezone: str | None = None
    fullname: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None


async def add_pending(connection: Connection, caller: Caller, attendee: Mapping[str, object]) -> int:
    """``attendee`` in the API's names. Returns its number."""
    params = {"company_id": caller.company_id, "attendee": Jsonb(dict(attendee))}
    row = await (await execute(connection, _ADD, params)).fetchone()
    return int(row[0]) if row else 0


async def list_pending(connection: Connection, caller: Caller) -> list[PendingAttendee]:
    """The company's newest."""
    return await fetch_all(connection, PendingAttendee, _LIST, {"company_id": caller.company_id, "newest": NEWEST})


_ADD = """
    INSERT INTO pending_attendees (company_id, attendee) VALUES (%(company_id)s, %(attendee)s) RETURNING id
"""

_LIST = """
    SELECT (attendee || jsonb_build_object(
        'id', id, 'companyId', company_id, 'createdAt', created_at, 'updatedAt', updated_at, 'deletedAt', deleted_at
    ))::text
    FROM pending_attendees
    WHERE company_id = %(company_id)s AND deleted_at IS NULL
    ORDER BY id DESC LIMIT %(newest)s
"""
