"""What the plan of a change's effects is decided from, read in one statement."""

from uuid import UUID

import msgspec

from slotkeeper.db.appointments import APPOINTMENT_JSON
from slotkeeper.db.company_keys import LINK_KEY_JSON
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change
from slotkeeper.side_effects.audience import Concerned


class CalendarTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar that holds the appointment's event, or has to get one."""

    provider: str
    connection_id: UUID
    user_id: UUID | None = None


class CrmTarget(msgspec.Struct, frozen=True, kw_only=True):
    provider: str
    connection_id: UUID | None = None


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    event_types: tuple[str, ...]


class MeetingType(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    slug: str
    meeting_info: dict[str, object]
    metadata: dict[str, object]


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """``calendars`` are those that hold the event, and where hosts have just got the appointment, those where they want
    one. ``ever_confirmed``: it is, or was, more than a request."""

    meeting_type: MeetingType
    crm_options: dict[str, object] = {}
    ever_confirmed: bool = True
    calendars: tuple[CalendarTarget, ...] = ()
    crms: tuple[CrmTarget, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()


class Aftermath(Surroundings, frozen=True, kw_only=True):
    appointment: Appointment
    change: Change
    concerned: Concerned = Concerned()
    link_key: bytes = b""
    """The company's, sealed; webhooks' bodies are written with it."""


CHANGE_JSON = """json_build_object(
    'appointment_id', h.appointment_id, 'sequence', h.sequence, 'kind', h.kind, 'at', h.at, 'actor', h.actor,
    'through', h.through, 'start', h.start_at, 'end', h.end_at, 'previous_start', h.previous_start,
    'previous_end', h.previous_end, 'reason', h.reason, 'overridden', h.overridden, 'notify', h.notify,
    'attendee_id', h.attendee_id, 'guest', h.guest, 'previous_host_ids', coalesce(h.previous_host_ids, '{}'),
    'proposed_starts', coalesce(h.proposed_starts, '{}'), 'proposal_id', h.proposal_id
)"""


CONCERNED_JSON = """json_build_object(
    'attendee', (
        SELECT to_json(t) FROM attendees t WHERE t.company_id = h.company_id AND t.id = h.attendee_id
    ),
    'former_hosts', (
        SELECT coalesce(json_agg(json_build_object(
            'id', u.id, 'email', u.email, 'given_name', u.given_name, 'family_name', u.family_name, 'slug', u.slug,
            'timezone', u.timezone, 'language', u.language, 'picture', u.picture
        )), '[]')
        FROM users u
        WHERE u.company_id = h.company_id AND u.id = ANY (h.previous_host_ids) AND NOT u.id = ANY (a.host_ids)
    ),
    'joined_later', (
        SELECT coalesce(json_agg(j.attendee_id), '[]') FROM changes j
        WHERE j.company_id = h.company_id AND j.appointment_id = h.appointment_id AND j.sequence > h.sequence
            AND j.kind = 'joined'
    ),
    'guests_later', (
        SELECT coalesce(json_agg(j.guest), '[]') FROM changes j
        WHERE j.company_id = h.company_id AND j.appointment_id = h.appointment_id AND j.sequence > h.sequence
            AND j.kind = 'guest_added'
    )
)"""


async def read_aftermath(
    connection: Connection, company_id: UUID, appointment_id: UUID, sequence: int
) -> Aftermath | None:
    params = {"company_id": company_id, "id": appointment_id, "sequence": sequence}
    return await fetch(connection, Aftermath, _READ, params)


async def read_aftermath_to_be(
    connection: Connection, company_id: UUID, appointment: Appointment, change: Change
) -> Aftermath:
    """The same for a change that was only thought of: a dry run."""
    params = {"company_id": company_id, "id": appointment.id, "kind": change.kind}
    around = await fetch(connection, Surroundings, _READ_TO_BE, params)
    if around is None:
        raise LookupError(f"appointment {appointment.id} not found")
    return Aftermath(appointment=appointment, change=change, **msgspec.structs.asdict(around))


def _surroundings(kind: str) -> str:
    """``kind``: SQL for the kind of the change. Expects ``a`` (appointments) and ``t`` (meeting_types)."""
    return f"""
    'meeting_type', json_build_object(
        'id', t.id, 'slug', t.slug, 'meeting_info', t.meeting_info, 'metadata', t.metadata
    ),
    'crm_options', a.crm_options,
    'ever_confirmed', EXISTS (
        SELECT FROM changes k
        WHERE k.company_id = a.company_id AND k.appointment_id = a.id AND k.kind IN ('booked', 'confirmed')
    ),
    'calendars', (
        SELECT coalesce(json_agg(json_build_object(
            'provider', x.provider, 'connection_id', x.connection_id, 'user_id', x.user_id
        ) ORDER BY x.connection_id), '[]')
        FROM (
            SELECT provider, connection_id, user_id FROM external_refs
            WHERE company_id = a.company_id AND appointment_id = a.id AND record = 'event'
                AND (user_id = ANY (a.host_ids) OR user_id IS NULL OR {kind} = 'handed_off')
            UNION
            SELECT provider, id, user_id FROM connections
            WHERE company_id = a.company_id AND user_id = ANY (a.host_ids) AND kind = 'calendar' AND writes
                AND deleted_at IS NULL AND {kind} IN ('booked', 'confirmed', 'handed_off')
        ) x
    ),
    'crms', (
        SELECT coalesce(json_agg(json_build_object('provider', x.provider, 'connection_id', x.id)), '[]')
        FROM connections x
        WHERE x.company_id = a.company_id AND x.kind = 'crm' AND x.deleted_at IS NULL
    ),
    'endpoints', (
        SELECT coalesce(json_agg(json_build_object('id', w.id, 'event_types', w.event_types)
            ORDER BY w.created_at, w.id), '[]')
        FROM webhook_endpoints w
        WHERE w.company_id = a.company_id AND w.deleted_at IS NULL
    )
"""


_READ = f"""
    SELECT json_build_object('appointment', {APPOINTMENT_JSON}, 'change', {CHANGE_JSON}, 'concerned', {CONCERNED_JSON},
        'link_key', {LINK_KEY_JSON}, {_surroundings("h.kind")})::text
    FROM changes h
    JOIN appointments a ON a.company_id = h.company_id AND a.id = h.appointment_id
    JOIN meeting_types t ON t.company_id = a.company_id AND t.id = a.meeting_type_id
    JOIN companies c ON c.id = a.company_id
    WHERE h.company_id = %(company_id)s AND h.appointment_id = %(id)s AND h.sequence = %(sequence)s
"""

_READ_TO_BE = f"""
    SELECT json_build_object({_surroundings("%(kind)s")})::text
    FROM appointments a
    JOIN meeting_types t ON t.company_id = a.company_id AND t.id = a.meeting_type_id
    WHERE a.company_id = %(company_id)s AND a.id = %(id)s
"""
