"""An appointment as its attendee sees it: found by the secret in a mailed link, without a token."""

from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.db.appointments import APPOINTMENT_JSON
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import AttendeeCaller
from slotkeeper.records.people import Attendee
from slotkeeper.secrets import Vault, id_in_secret, secret_is_right


class FormerTime(msgspec.Struct, frozen=True, kw_only=True):
    start: datetime
    end: datetime


class SeenByAttendee(msgspec.Struct, frozen=True, kw_only=True):
    """``moved_from``: the time before the last move, if there was one."""

    appointment: Appointment
    ics: str
    attendee: Attendee
    moved_from: FormerTime | None
    link_key: bytes

    @property
    def caller(self) -> AttendeeCaller:
        """What they may ask of an operation."""
        return AttendeeCaller(
            company_id=self.appointment.company_id,
            appointment_id=self.appointment.id,
            attendee_id=self.attendee.id,
            name=self.attendee.display_name,
        )


async def appointment_by_secret(connection: Connection, vault: Vault, secret: str) -> SeenByAttendee:
    """The present state, whatever happened since the link was mailed. Any wrong secret raises ``NotFound`` alike."""
    attendee_id = id_in_secret(secret)
    seen = await fetch(connection, SeenByAttendee, _FIND, {"id": attendee_id})
    if seen is None or not _fits(vault, seen, secret, seen.attendee.id):
        raise NotFound("appointment not found")
    return seen


def _fits(vault: Vault, seen: SeenByAttendee, secret: str, attendee_id: UUID) -> bool:
    return secret_is_right(secret, vault.open(seen.link_key), "attendee", attendee_id)


_FIND = f"""
    SELECT json_build_object(
        'appointment', {APPOINTMENT_JSON}, 'ics', a.ics, 'attendee', to_json(mine), 'moved_from', (
            SELECT json_build_object('start', m.previous_start, 'end', m.previous_end)
            FROM changes m
            WHERE m.company_id = a.company_id AND m.appointment_id = a.id AND m.kind = 'rescheduled'
            ORDER BY m.sequence DESC LIMIT 1
        ),
        'link_key', translate(encode(c.link_key, 'base64'), E'\\n', '')
    )::text
    FROM attendees mine
    JOIN appointments a ON a.company_id = mine.company_id AND a.id = mine.appointment_id
    JOIN companies c ON c.id = a.company_id
    WHERE mine.id = %(id)s AND mine.deleted_at IS NULL AND a.deleted_at IS NULL
"""
