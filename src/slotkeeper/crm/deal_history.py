"""What happened to a deal, and the appointments that belong to it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from slotkeeper.crm.deal import get_deal
from slotkeeper.crm.meeting import MEETING_JSON, Meeting
from slotkeeper.db.pool import Connection, fetch_all


class DealActivity(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``activityType``: created, updated, stage_changed, won, lost, reopened, contact_added, contact_removed, merged,
    appointment_booked, appointment_rescheduled, appointment_cancelled."""

    id: UUID
    deal_id: UUID
    activity_type: str
    from_stage_id: UUID | None
    from_stage_name: str | None
    to_stage_id: UUID | None
    to_stage_name: str | None
    changed_by_id: UUID | None
    changed_by_name: str | None
    metadata: dict[str, Any]
    changed_at: datetime


async def deal_activity(
    connection: Connection, company_id: UUID, deal_id: UUID, limit: int, now: datetime
) -> list[DealActivity]:
    """Newest first. Raises ``NotFound``."""
    await get_deal(connection, company_id, deal_id, now)
    params = {"company_id": company_id, "deal_id": deal_id, "limit": limit}
    return await fetch_all(connection, DealActivity, _ACTIVITY, params)


async def deal_appointments(connection: Connection, company_id: UUID, deal_id: UUID, now: datetime) -> list[Meeting]:
    """Newest first. Raises ``NotFound``."""
    await get_deal(connection, company_id, deal_id, now)
    return await fetch_all(connection, Meeting, _APPOINTMENTS, {"company_id": company_id, "deal_id": deal_id})


_ACTIVITY = """
    SELECT json_build_object(
        'id', v.id, 'dealId', v.deal_id, 'activityType', v.activity_type, 'fromStageId', v.from_stage_id,
        'fromStageName', v.from_stage_name, 'toStageId', v.to_stage_id, 'toStageName', v.to_stage_name,
        'changedById', v.changed_by_id, 'changedByName', v.changed_by_name, 'metadata', v.metadata,
        'changedAt', v.changed_at
    )::text
    FROM crm_deal_activities v
    WHERE v.company_id = %(company_id)s AND v.deal_id = %(deal_id)s
    ORDER BY v.changed_at DESC, v.id LIMIT %(limit)s
"""

_APPOINTMENTS = f"""
    SELECT ({MEETING_JSON})::text
    FROM crm_deal_appointments da
    JOIN appointments a ON a.company_id = da.company_id AND a.id = da.appointment_id AND a.deleted_at IS NULL
    LEFT JOIN LATERAL (
        SELECT t.id AS attendee_id FROM attendees t
        WHERE t.company_id = a.company_id AND t.appointment_id = a.id AND t.deleted_at IS NULL
        ORDER BY t.created_at, t.id LIMIT 1
    ) y ON true
    WHERE da.company_id = %(company_id)s AND da.deal_id = %(deal_id)s
    ORDER BY a.start_at DESC, a.id
"""
