"""What is written beside an appointment: notes, a transcription, who did not come. Nothing follows from it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.appointments.policy import require_may_change
from slotkeeper.appointments.stored import Stored, get_stored
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Malformed
from slotkeeper.records.caller import Caller


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """What is not given stays; null clears."""

    note: str | UnsetType | None = UNSET
    transcription: str | UnsetType | None = UNSET
    summary: str | UnsetType | None = UNSET
    no_show: bool | UnsetType = UNSET
    attendee_id: UUID | None = None
    """Whom ``no_show`` is about; everyone where it is null."""


async def annotate(
    connection: Connection,
    caller: Caller,
    appointment_id: UUID,
    annotation: Annotation,
    now: datetime,
    precondition: Callable[[int], None],
) -> Stored:
    """Past and cancelled ones too. Raises ``NotFound``, ``Forbidden``, ``Malformed``, ``PreconditionFailed``, and
    ``Stale``: try again."""
    stored = await get_stored(connection, caller.company_id, appointment_id)
    require_may_change(caller, [host.id for host in stored.appointment.hosts])
    precondition(stored.appointment.version)
    if annotation.attendee_id is not None and annotation.attendee_id not in {
        attendee.id for attendee in stored.appointment.attendees
    }:
        raise Malformed.field("attendeeId", "must name an attendee of this appointment")
    params = {
        "company_id": caller.company_id,
        "id": appointment_id,
        "now": now,
        "version": stored.appointment.version,
        "no_show": None if annotation.no_show is UNSET else annotation.no_show,
        "attendee_id": annotation.attendee_id,
        **_given("note", annotation.note),
        **_given("transcription", annotation.transcription),
        **_given("summary", annotation.summary),
    }
    if await (await execute(connection, _WRITE, params)).fetchone() is None:
        raise Stale
    return await get_stored(connection, caller.company_id, appointment_id)


def _given(name: str, value: str | UnsetType | None) -> dict[str, object]:
    return {name: None if value is UNSET else value, f"has_{name}": value is not UNSET}


def _set(column: str) -> str:
    return f"{column} = CASE WHEN %(has_{column})s THEN %({column})s::text ELSE {column} END"


_WRITE = f"""
    WITH changed AS (
        UPDATE appointments SET
            {_set("note")}, {_set("transcription")}, {_set("summary")}, version = version + 1, updated_at = %(now)s
        WHERE company_id = %(company_id)s AND id = %(id)s AND version = %(version)s
        RETURNING company_id, id
    ), shown AS (
        UPDATE attendees t SET no_show = %(no_show)s, updated_at = %(now)s
        FROM changed
        WHERE t.company_id = changed.company_id AND t.appointment_id = changed.id AND t.deleted_at IS NULL
            AND %(no_show)s::boolean IS NOT NULL
            AND (%(attendee_id)s::uuid IS NULL OR t.id = %(attendee_id)s)
    )
    SELECT id FROM changed
"""
