"""An appointment with all that was ever proposed for it, read in one statement."""

from uuid import UUID

import msgspec

from slotkeeper.appointments.proposals.proposal import ENDS, Proposal
from slotkeeper.db.appointments import APPOINTMENT_JSON
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound
from slotkeeper.records.appointment import Appointment
from slotkeeper.side_effects.aftermath import CHANGE_JSON


class Talks(msgspec.Struct, frozen=True, kw_only=True):
    """``proposals``: the newest first, and no other can be open."""

    appointment: Appointment
    proposals: tuple[Proposal, ...]


async def read_talks(connection: Connection, company_id: UUID, appointment_id: UUID) -> Talks:
    """Raises ``NotFound`` alike for an unknown id and another company's."""
    params = {"company_id": company_id, "id": appointment_id, "ends": list(ENDS)}
    talks = await fetch(connection, Talks, _READ, params)
    if talks is None:
        raise NotFound("appointment not found")
    return talks


_CHANGE = (
    f"SELECT {CHANGE_JSON} FROM changes h WHERE h.company_id = p.company_id AND h.appointment_id = p.appointment_id"
)

_READ = f"""
    SELECT json_build_object('appointment', {APPOINTMENT_JSON}, 'proposals', (
        SELECT coalesce(json_agg(json_build_object(
            'id', p.id, 'overrides', p.overrides, 'occupied', p.occupied,
            'made', ({_CHANGE} AND h.sequence = p.sequence),
            'ended', ({_CHANGE} AND h.sequence > p.sequence AND h.kind = ANY (%(ends)s::text[])
                ORDER BY h.sequence LIMIT 1)
        ) ORDER BY p.sequence DESC), '[]')
        FROM proposals p WHERE p.company_id = a.company_id AND p.appointment_id = a.id
    ))::text
    FROM appointments a JOIN companies c ON c.id = a.company_id
    WHERE a.company_id = %(company_id)s AND a.id = %(id)s
"""
