"""One deal per appointment, in the pipeline that its crmOptions name (docs/decisions/0031)."""

from collections.abc import Mapping
from uuid import UUID, uuid4, uuid5

import msgspec

from slotkeeper.db.deals import HOLD_PIPELINE, By, DealRow, Placement, insert_deal, place_deal, record_activity
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.jobs.outcomes import PersonMustAct
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change, Kind
from slotkeeper.records.people import Attendee

REJECTED = "crm_rejected_internal"
LINES: Mapping[Kind, str] = {
    "booked": "appointment_booked",
    "confirmed": "appointment_booked",
    "rescheduled": "appointment_rescheduled",
    "cancelled": "appointment_cancelled",
}
"""Of who else comes, goes or hosts the deal has no line."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where the deal belongs. ``named``: the options name the stage themselves. ``position`` is the stage's."""

    pipeline_id: UUID
    stage_id: UUID
    position: int
    closes: bool
    named: bool


class OpenDeal(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    position: int


async def write_deal(
    connection: Connection, appointment: Appointment, change: Change, attendee: Attendee, contact_id: UUID
) -> UUID:
    """The deal's id, the same after every change; a change only adds a line to its history.

    Raises ``PersonMustAct`` where no pipeline or stage has the ids in the options.
    """
    async with connection.transaction():
        params = {"company_id": appointment.company_id, "id": appointment.id, "contact_id": contact_id}
        await execute(connection, _LOCK_CONTACT, params)
        deal_id = await fetch(connection, UUID, _LINKED, params)
        if deal_id is None:
            deal_id = await _find_or_make(connection, appointment, attendee, contact_id)
            await execute(connection, _LINK, {**params, "deal_id": deal_id})
        await _tell(connection, appointment, change, deal_id)
    return deal_id


async def _find_or_make(connection: Connection, appointment: Appointment, attendee: Attendee, contact_id: UUID) -> UUID:
    """The contact's open deal in the pipeline, moved on to the stage that the options name; else a new one."""
    target = await _target(connection, appointment)
    params = {"company_id": appointment.company_id, "contact_id": contact_id, "pipeline_id": target.pipeline_id}
    standing = await fetch(connection, OpenDeal, _OPEN_DEAL, params)
    if standing is None:
        return await _make(connection, appointment, attendee, contact_id, target)
    if moves_on(standing, target):
        placement = Placement(company_id=appointment.company_id, deal_id=standing.id, stage_id=target.stage_id)
        await place_deal(connection, placement, "stage_changed", By())
    return standing.id


def moves_on(standing: OpenDeal, target: Target) -> bool:
    """A booking takes a deal forward, never back, and closes none."""
    return target.named and not target.closes and target.position > standing.position


async def _target(connection: Connection, appointment: Appointment) -> Target:
    """Held until the transaction ends. The options that were copied at the booking; where they name nothing (any
    more), those that the meeting type has by now, so that a person can correct them and try again."""
    params = {"company_id": appointment.company_id, "id": appointment.id}
    target = await fetch(connection, Target, _TARGET, params)
    if target is not None:
        await execute(connection, HOLD_PIPELINE, {**params, "pipeline_id": target.pipeline_id})
        target = await fetch(connection, Target, _TARGET, params)
    if target is None:
        raise PersonMustAct(
            "crmOptions name a pipeline or a stage that does not exist; correct the meeting type's, then retry",
            error_code=REJECTED,
        )
    return target


async def _make(
    connection: Connection, appointment: Appointment, attendee: Attendee, contact_id: UUID, target: Target
) -> UUID:
    row = DealRow(
        company_id=appointment.company_id,
        id=uuid4(),
        name=f"{appointment.meeting_info.name} - {attendee.display_name}"[:255],
        pipeline_id=target.pipeline_id,
        stage_id=target.stage_id,
        contact_id=contact_id,
        owner_id=appointment.main_host.id,
    )
    await insert_deal(connection, row, By())
    return row.id


async def _tell(connection: Connection, appointment: Appointment, change: Change, deal_id: UUID) -> None:
    """Once, however often the job runs: the line's id derives from the change."""
    if change.kind not in LINES:
        return
    await record_activity(
        connection,
        appointment.company_id,
        deal_id,
        LINES[change.kind],
        By(name=change.actor.name or None),
        metadata={
            "appointmentId": str(appointment.id),
            "start": change.start.isoformat(),
            "previousStart": change.previous_start.isoformat() if change.previous_start else None,
            "reason": change.reason,
        },
        activity_id=uuid5(appointment.id, f"deal/{change.sequence}"),
    )


# Two bookings of one person wait for each other, so that the second finds the first one's deal.
_LOCK_CONTACT = """
    SELECT FROM crm_contacts WHERE company_id = %(company_id)s AND id = %(contact_id)s FOR NO KEY UPDATE
"""

_LINKED = """
    SELECT to_json(deal_id)::text FROM crm_deal_appointments
    WHERE company_id = %(company_id)s AND appointment_id = %(id)s
"""

_LINK = """
    INSERT INTO crm_deal_appointments (company_id, appointment_id, deal_id)
    VALUES (%(company_id)s, %(id)s, %(deal_id)s)
"""

_OPEN_DEAL = """
    SELECT json_build_object('id', d.id, 'position', s.position)::text
    FROM crm_deal_contacts l
    JOIN crm_deals d ON d.company_id = l.company_id AND d.id = l.deal_id AND d.deleted_at IS NULL
        AND d.pipeline_id = %(pipeline_id)s AND d.won_at IS NULL AND d.lost_at IS NULL
    JOIN crm_stages s ON s.company_id = d.company_id AND s.id = d.stage_id
    WHERE l.company_id = %(company_id)s AND l.contact_id = %(contact_id)s AND l.is_primary
    ORDER BY d.created_at DESC, d.id LIMIT 1
"""

_TARGET = """
    SELECT json_build_object(
        'pipeline_id', p.id, 'stage_id', s.id, 'position', s.position, 'closes', s.is_won OR s.is_lost,
        'named', o.stage IS NOT NULL
    )::text
    FROM appointments a
    JOIN meeting_types t ON t.company_id = a.company_id AND t.id = a.meeting_type_id
    CROSS JOIN LATERAL (
        SELECT v.preference, lower(v.options ->> 'internalCrmPipelineId') AS pipeline,
            lower(v.options ->> 'internalCrmStageId') AS stage
        FROM (VALUES (1, a.crm_options), (2, t.crm_options)) AS v (preference, options)
    ) o
    JOIN crm_pipelines p ON p.company_id = a.company_id AND p.id::text = o.pipeline AND p.deleted_at IS NULL
    JOIN crm_stages s ON s.company_id = p.company_id AND s.pipeline_id = p.id
        AND CASE WHEN o.stage IS NULL THEN NOT s.is_won AND NOT s.is_lost ELSE s.id::text = o.stage END
    WHERE a.company_id = %(company_id)s AND a.id = %(id)s
    ORDER BY o.preference, s.position LIMIT 1
"""
