"""What every change leaves behind in its own statement: the new reminder plan, a line of history, and one job.

The fragments read from a CTE named ``changed`` with company_id and id; they write nothing where it is empty.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace
from psycopg.types.json import Jsonb

from slotkeeper.appointments.reminders import Reminder
from slotkeeper.jobs.queue import change_lock, defer
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change


def recording_params(company_id: UUID, change: Change, reminders: Sequence[Reminder] = ()) -> Mapping[str, object]:
    return {
        "company_id": company_id,
        "id": change.appointment_id,
        "sequence": change.sequence,
        "kind": change.kind,
        "at": change.at,
        "actor": Jsonb(msgspec.to_builtins(change.actor)),
        "through": change.through,
        "start": change.start,
        "end": change.end,
        "previous_start": change.previous_start,
        "previous_end": change.previous_end,
        "reason": change.reason,
        "overridden": list(change.overridden),
        "notify": change.notify,
        "attendee_id": change.attendee_id,
        "guest": change.guest,
        "previous_host_ids": list(change.previous_host_ids) or None,
        "proposed_starts": list(change.proposed_starts) or None,
        "proposal_id": change.proposal_id,
        "reminder_ids": [reminder.id for reminder in reminders],
        "reminder_minutes": [reminder.minutes_before for reminder in reminders],
        "reminder_due": [reminder.due_at for reminder in reminders],
        "change_lock": change_lock(change.appointment_id),
        "job": Jsonb(
            {
                "company_id": str(company_id),
                "appointment_id": str(change.appointment_id),
                "sequence": change.sequence,
            }
        ),
    }


def next_version(before: Appointment, now: datetime) -> Appointment:
    """What every change does to an appointment, whatever else it does; DTSTAMP never goes back."""
    return replace(
        before,
        sequence=before.sequence + 1,
        version=before.version + 1,
        stamped_at=max(now.replace(microsecond=0), before.stamped_at),
        updated_at=now,
    )


NEXT_VERSION_IF = """
    UPDATE appointments SET
        sequence = %(sequence)s, version = version + 1, ics = %(ics)s, stamped_at = %(at)s, updated_at = %(now)s
    WHERE company_id = %(company_id)s AND id = %(id)s AND version = %(version)s AND {}
    RETURNING company_id, id
"""

NEXT_VERSION = NEXT_VERSION_IF.format("true")
"""For changes that leave time, hosts and state as they are; nothing where the appointment is not as it was read."""

ADD_ATTENDEE = """
    INSERT INTO attendees
    SELECT (jsonb_populate_record(NULL::attendees, %(attendee)s || jsonb_build_object(
        'company_id', changed.company_id, 'appointment_id', changed.id
    ))).*
    FROM changed
"""

HOSTS_UNCHANGED = """
    SELECT host_id FROM host_calendars
    WHERE company_id = %(company_id)s AND (host_id, version) IN (
        SELECT * FROM unnest(%(host_ids)s::uuid[], %(calendar_versions)s::bigint[])
    )
    ORDER BY host_id
    FOR UPDATE
"""
"""Locks the hosts in id order and finds those whose calendar is still as it was read."""

BUMP_HOSTS = """
    UPDATE host_calendars k SET version = k.version + 1
    FROM changed WHERE k.company_id = changed.company_id AND k.host_id = ANY (%(host_ids)s::uuid[])
"""

DROP_REMINDERS = """
    UPDATE reminders r SET state = 'dropped'
    FROM changed WHERE r.company_id = changed.company_id AND r.appointment_id = changed.id AND r.state = 'planned'
"""

PLAN_REMINDERS = """
    INSERT INTO reminders (company_id, id, appointment_id, sequence, minutes_before, due_at)
    SELECT changed.company_id, p.id, changed.id, %(sequence)s, p.minutes, p.due
    FROM changed, unnest(
        %(reminder_ids)s::uuid[], %(reminder_minutes)s::int[], %(reminder_due)s::timestamptz[]
    ) AS p (id, minutes, due)
"""

WRITE_HISTORY = """
    INSERT INTO changes (
        company_id, appointment_id, sequence, kind, at, actor, through, start_at, end_at,
        previous_start, previous_end, reason, overridden, notify, attendee_id, guest, previous_host_ids,
        proposed_starts, proposal_id
    )
    SELECT changed.company_id, changed.id, %(sequence)s, %(kind)s, %(at)s, %(actor)s, %(through)s, %(start)s,
        %(end)s, %(previous_start)s, %(previous_end)s, %(reason)s, %(overridden)s, %(notify)s,
        %(attendee_id)s, %(guest)s, %(previous_host_ids)s::uuid[], %(proposed_starts)s::timestamptz[],
        %(proposal_id)s::uuid
    FROM changed
"""

INSERT_JOB = f"SELECT {defer('after_change', lock='%(change_lock)s', args='%(job)s')} FROM changed"
