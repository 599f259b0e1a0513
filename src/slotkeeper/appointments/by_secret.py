"""An appointment as its attendee sees it: found by the secret in a mailed link, without a token.

The secret of an appointment is its attendee's too: a booking answers with it. Not of a group, of whose attendees each
has a secret of their own.
"""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.appointments.attendee_policy import (
    Refusal,
    policy_allows_cancelling,
    policy_allows_moving,
    refuse_of_group,
)
from slotkeeper.appointments.moving import MOVES_BY_ATTENDEES
from slotkeeper.appointments.policy import why_final
from slotkeeper.appointments.stored import Stored
from slotkeeper.db.appointments import APPOINTMENT_JSON
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound
from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Appointment, Cancellation
from slotkeeper.records.attendee_policy import CancellationPolicy, ReschedulingPolicy
from slotkeeper.records.caller import AttendeeCaller
from slotkeeper.records.people import Attendee
from slotkeeper.secrets import Vault, id_in_secret, secret_is_right

THROUGH = "attendee link"
"""What the history says of changes that came this way."""


class FormerTime(msgspec.Struct, frozen=True, kw_only=True):
    start: datetime
    end: datetime


class SeenByAttendee(msgspec.Struct, frozen=True, kw_only=True):
    """``moved_from``: the time before the last move, if there was one."""

    appointment: Appointment
    attendee: Attendee
    moved_from: FormerTime | None
    rescheduling_policy: ReschedulingPolicy
    cancellation_policy: CancellationPolicy
    moves_by_attendees: int

    @property
    def ics(self) -> str:
        """As all get it, without the other attendees of a group."""
        alone = replace(self.appointment, attendees=(self.attendee,))
        return build_ics(alone, method="CANCEL" if alone.cancellation else "REQUEST")

    @property
    def caller(self) -> AttendeeCaller:
        return _caller(self.appointment.company_id, self.appointment.id, self.attendee)

    def why_not_move(self, now: datetime) -> Refusal | None:
        """To no time at all, whatever the reason."""
        return (
            why_final(self.appointment, now)
            or refuse_of_group(self.appointment)
            or policy_allows_moving(self.rescheduling_policy, self.appointment.start, self.moves_by_attendees, now)
        )

    def why_not_cancel(self, now: datetime) -> Refusal | None:
        return why_final(self.appointment, now) or policy_allows_cancelling(
            self.cancellation_policy, self.appointment.start, now
        )

    def without_me(self, stored: Stored, reason: str | None) -> "SeenByAttendee":
        """After the attendee cancelled. A group may go on; for the one who left it is over."""
        after = stored.appointment
        if after.cancellation is None:
            left = Cancellation(at=after.updated_at, by=str(self.attendee.id), source="attendee", reason=reason)
            after = replace(after, status="cancelled", cancellation=left)
        return replace(self, appointment=after)


class _Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whose secret it would be, if it is right: an attendee's, or an appointment's."""

    company_id: UUID
    appointment_id: UUID
    attendee: Attendee
    link_key: bytes


async def attendee_by_secret(
    connection: Connection, vault: Vault, secret: str, *, or_former: bool = False
) -> AttendeeCaller:
    """Any wrong secret raises ``NotFound`` alike, and that of an attendee who left, but for ``or_former``."""
    found_id = id_in_secret(secret)
    holder = await fetch(connection, _Holder, _FIND, {"id": found_id})
    if holder is None or not _fits(vault, holder, secret, found_id):
        raise NotFound("appointment not found")
    if holder.attendee.deleted_at is not None and not or_former:
        raise NotFound("appointment not found")
    return _caller(holder.company_id, holder.appointment_id, holder.attendee)


async def appointment_by_secret(connection: Connection, vault: Vault, secret: str) -> SeenByAttendee:
    """The present state, whatever happened since the link was mailed. Raises ``NotFound``."""
    return await seen_by(connection, await attendee_by_secret(connection, vault, secret))


async def seen_by(connection: Connection, caller: AttendeeCaller) -> SeenByAttendee:
    """Raises ``NotFound`` for an attendee who no longer takes part, and for a deleted appointment."""
    params = {"company_id": caller.company_id, "id": caller.appointment_id, "attendee_id": caller.attendee_id}
    seen = await fetch(connection, SeenByAttendee, _SEE, params)
    if seen is None:
        raise NotFound("appointment not found")
    return seen


def _caller(company_id: UUID, appointment_id: UUID, attendee: Attendee) -> AttendeeCaller:
    return AttendeeCaller(
        company_id=company_id, appointment_id=appointment_id, attendee_id=attendee.id, name=attendee.display_name
    )


def _fits(vault: Vault, holder: _Holder, secret: str, found_id: UUID | None) -> bool:
    kind = "attendee" if holder.attendee.id == found_id else "appointment"
    return found_id is not None and secret_is_right(secret, vault.open(holder.link_key), kind, found_id)


_FIND = """
    SELECT json_build_object(
        'company_id', mine.company_id, 'appointment_id', mine.appointment_id, 'attendee', to_json(mine),
        'link_key', translate(encode(c.link_key, 'base64'), E'\\n', '')
    )::text
    FROM (
        SELECT t.* FROM attendees t WHERE t.id = %(id)s
        UNION ALL
        SELECT t.*
        FROM companies o
        JOIN appointments a ON a.company_id = o.id AND a.id = %(id)s
        JOIN attendees t ON t.company_id = a.company_id AND t.appointment_id = a.id
        WHERE NOT coalesce((a.meeting_info -> 'groupBooking')::boolean, false)
    ) mine
    JOIN companies c ON c.id = mine.company_id
"""

_SEE = f"""
    SELECT json_build_object(
        'appointment', {APPOINTMENT_JSON}, 'attendee', to_json(mine), 'moved_from', (
            SELECT json_build_object('start', m.previous_start, 'end', m.previous_end)
            FROM changes m
            WHERE m.company_id = a.company_id AND m.appointment_id = a.id AND m.kind = 'rescheduled'
            ORDER BY m.sequence DESC LIMIT 1
        ),
        'rescheduling_policy', t.rescheduling_policy, 'cancellation_policy', t.cancellation_policy,
        'moves_by_attendees', {MOVES_BY_ATTENDEES}
    )::text
    FROM attendees mine
    JOIN appointments a ON a.company_id = mine.company_id AND a.id = mine.appointment_id
    JOIN meeting_types t ON t.company_id = a.company_id AND t.id = a.meeting_type_id
    JOIN companies c ON c.id = a.company_id
    WHERE mine.company_id = %(company_id)s AND mine.id = %(attendee_id)s AND a.id = %(id)s
        AND mine.deleted_at IS NULL AND a.deleted_at IS NULL
"""
