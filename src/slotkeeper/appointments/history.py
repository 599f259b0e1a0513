"""Every change of an appointment: from, to, who, through what, why, what was overridden."""

from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound
from slotkeeper.records.change import Change
from slotkeeper.side_effects.aftermath import CHANGE_JSON


class History(msgspec.Struct, frozen=True, kw_only=True):
    """Oldest first."""

    host_ids: tuple[UUID, ...]
    changes: tuple[Change, ...]


async def history_of(connection: Connection, company_id: UUID, appointment_id: UUID) -> History:
    """Raises ``NotFound`` alike for an unknown id and another company's."""
    history = await fetch(connection, History, _READ, {"company_id": company_id, "id": appointment_id})
    if history is None:
        raise NotFound(f"appointment {appointment_id} not found")
    return history


_READ = f"""
    SELECT json_build_object(
        'host_ids', a.host_ids,
        'changes', (
            SELECT coalesce(json_agg({CHANGE_JSON} ORDER BY h.sequence), '[]')
            FROM changes h WHERE h.company_id = a.company_id AND h.appointment_id = a.id
        )
    )::text
    FROM appointments a
    WHERE a.company_id = %(company_id)s AND a.id = %(id)s
"""
