"""All that carrying one effect outward needs to know, in one statement."""

from uuid import UUID

from slotkeeper.db.appointments import APPOINTMENT_JSON
from slotkeeper.db.company_keys import LINK_KEY_JSON
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.integrations.connections import SEALED_ACCOUNT_JSON
from slotkeeper.side_effects.aftermath import CHANGE_JSON, CONCERNED_JSON
from slotkeeper.side_effects.outward import Errand
from slotkeeper.webhooks.endpoints import DESTINATION_JSON


async def load_errand(connection: Connection, company_id: UUID, effect: UUID) -> Errand | None:
    return await fetch(connection, Errand, _LOAD, {"company_id": company_id, "id": effect})


EFFECT_JSON = """json_build_object(
    'id', e.id, 'company_id', e.company_id, 'appointment_id', e.appointment_id, 'sequence', e.sequence,
    'kind', e.kind, 'target', e.target, 'detail', e.detail, 'state', e.state, 'attempts', e.attempts,
    'last_error', e.last_error, 'error_code', e.error_code, 'next_attempt_at', e.next_attempt_at, 'done_at', e.done_at
)"""

_LOAD = f"""
    SELECT json_build_object(
        'effect', {EFFECT_JSON},
        'change', {CHANGE_JSON},
        'appointment', {APPOINTMENT_JSON},
        'crm_options', a.crm_options,
        'concerned', {CONCERNED_JSON},
        'later', (
            SELECT coalesce(json_agg(DISTINCT l.kind), '[]') FROM changes l
            WHERE l.company_id = e.company_id AND l.appointment_id = e.appointment_id AND l.sequence > e.sequence
        ),
        'refs', (
            SELECT coalesce(json_object_agg(x.record, json_build_object(
                'record', x.record, 'external_id', x.external_id, 'container', x.container, 'etag', x.etag
            )), '{{}}')
            FROM external_refs x
            WHERE x.company_id = e.company_id AND x.appointment_id = e.appointment_id AND x.external_id IS NOT NULL
                AND x.provider = e.detail ->> 'provider'
                AND x.connection_id IS NOT DISTINCT FROM (e.detail ->> 'connection_id')::uuid
        ),
        'link_key', {LINK_KEY_JSON},
        'account', (
            SELECT {SEALED_ACCOUNT_JSON} FROM connections x
            WHERE x.company_id = e.company_id AND x.id = (e.detail ->> 'connection_id')::uuid AND x.deleted_at IS NULL
        ),
        'endpoint', CASE WHEN e.kind = 'webhook' THEN (
            SELECT {DESTINATION_JSON} FROM webhook_endpoints w
            WHERE w.company_id = e.company_id AND w.id = e.target::uuid AND w.deleted_at IS NULL
        ) END
    )::text
    FROM effects e
    JOIN changes h ON h.company_id = e.company_id AND h.appointment_id = e.appointment_id AND h.sequence = e.sequence
    JOIN appointments a ON a.company_id = e.company_id AND a.id = e.appointment_id
    JOIN companies c ON c.id = e.company_id
    WHERE e.company_id = %(company_id)s AND e.id = %(id)s
"""
