"""Reminders: planned as rows with the change, turned into effects when due, dropped when their plan is old."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.db.appointments import load_appointment
from slotkeeper.db.pool import Connection, fetch_all
from slotkeeper.emails.imip import build_message
from slotkeeper.emails.render import render
from slotkeeper.jobs.outcomes import Done
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.effect import PlannedEffect
from slotkeeper.side_effects.after import REPLANS_REMINDERS
from slotkeeper.side_effects.audience import Addressee, everyone
from slotkeeper.side_effects.ledger import write_down
from slotkeeper.side_effects.notify_participants import link_to
from slotkeeper.side_effects.outward import Errand, Outward

_AT_ONCE = 200


class DueReminder(msgspec.Struct, frozen=True, kw_only=True):
    company_id: UUID
    id: UUID
    appointment_id: UUID
    sequence: int
    minutes_before: int
    outdated: bool
    """A later change has planned them anew, or the next one is due as well, as after an outage: one says it all."""


async def send_due_reminders(outward: Outward) -> int:
    """Enter an effect per recipient of each reminder that is due; returns how many reminders were due."""
    async with outward.pool.connection() as connection, connection.transaction():
        due = await fetch_all(
            connection,
            DueReminder,
            _TAKE_DUE,
            {"now": outward.clock(), "limit": _AT_ONCE, "replans": sorted(REPLANS_REMINDERS)},
        )
        for reminder in due:
            await _enter(connection, reminder, outward.clock())
    return len(due)


async def _enter(connection: Connection, reminder: DueReminder, now: datetime) -> None:
    appointment = await load_appointment(connection, reminder.company_id, reminder.appointment_id)
    if appointment is None or reminder.outdated or appointment.status != "confirmed" or now >= appointment.start:
        await connection.execute(_DROP, {"company_id": reminder.company_id, "id": reminder.id})
        return
    effects = plan(appointment, reminder.minutes_before)
    await write_down(connection, reminder.company_id, reminder.appointment_id, reminder.sequence, effects)


def plan(appointment: Appointment, minutes_before: int) -> Sequence[PlannedEffect]:
    """Hosts, attendees who want reminders, and their guests."""
    muted = {attendee.id for attendee in appointment.attendees if not attendee.receive_reminders}
    return [
        PlannedEffect(
            kind="reminder",
            target=f"{addressee.recipient.address}:{minutes_before}",
            detail=msgspec.to_builtins(addressee),
        )
        for addressee in everyone(appointment)
        if addressee.attendee_id not in muted
    ]


async def carry_out(outward: Outward, errand: Errand) -> Done:
    addressee = msgspec.convert(errand.effect.detail, Addressee)
    recipient = replace(addressee.recipient, link=link_to(outward, errand, addressee))
    message = build_message(
        render("reminder", errand.appointment, errand.change, recipient),
        recipient,
        sender=outward.settings.mail_from,
        reply_to=errand.appointment.main_host.email,
        message_id=str(errand.effect.id),
        ics=None,
        method=None,
    )
    return await outward.smtp.send(message)


_TAKE_DUE = """
    UPDATE reminders r SET state = 'sent'
    WHERE (company_id, id) IN (
        SELECT company_id, id FROM reminders
        WHERE state = 'planned' AND due_at <= %(now)s
        ORDER BY due_at LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    )
    RETURNING json_build_object(
        'company_id', company_id, 'id', id, 'appointment_id', appointment_id, 'sequence', sequence,
        'minutes_before', minutes_before, 'outdated', EXISTS (
            SELECT FROM changes h
            WHERE h.company_id = r.company_id AND h.appointment_id = r.appointment_id AND h.sequence > r.sequence
                AND h.kind = ANY (%(replans)s)
        ) OR EXISTS (
            SELECT FROM reminders later
            WHERE later.company_id = r.company_id AND later.appointment_id = r.appointment_id
                AND later.sequence = r.sequence AND later.due_at > r.due_at AND later.due_at <= %(now)s
        )
    )::text
"""

_DROP = "UPDATE reminders SET state = 'dropped' WHERE company_id = %(company_id)s AND id = %(id)s"
