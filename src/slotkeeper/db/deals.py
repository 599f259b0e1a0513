"""How a deal of the internal CRM is written: shared by the CRM's operations and by what a booking makes.

Whoever calls holds the deal's pipeline (``HOLD_PIPELINE``), so that the stage cannot go meanwhile.
"""

from datetime import date
from typing import Literal
from uuid import UUID, uuid4

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.db.pool import Connection, execute

Outcome = Literal["won", "lost"]


class By(msgspec.Struct, frozen=True, kw_only=True):
    """Who did it; ``id`` is None where it was not a user."""

    id: UUID | None = None
    name: str | None = None


class DealRow(msgspec.Struct, frozen=True, kw_only=True):
    """A deal to be. ``contact_id`` becomes its primary contact; a stage that is won or lost closes it."""

    company_id: UUID
    id: UUID
    name: str
    pipeline_id: UUID
    stage_id: UUID
    value: float | None = None
    currency: str = "EUR"
    expected_close_date: date | None = None
    notes: str | None = None
    crm_company_id: UUID | None = None
    contact_id: UUID | None = None
    owner_id: UUID | None = None
    custom_fields: dict[str, object] = {}


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """Where a deal goes, and how it stands there; ``outcome`` None leaves it open."""

    company_id: UUID
    deal_id: UUID
    stage_id: UUID
    outcome: Outcome | None = None
    lost_reason: str | None = None
    lost_reason_note: str | None = None


async def insert_deal(connection: Connection, row: DealRow, by: By) -> None:
    params = {
        **msgspec.structs.asdict(row),
        "custom_fields": Jsonb(row.custom_fields),
        "link_id": uuid4(),
        "activity_id": uuid4(),
        "by_id": by.id,
        "by_name": by.name,
    }
    await execute(connection, _INSERT, params)


async def place_deal(connection: Connection, placement: Placement, activity_type: str, by: By) -> None:
    """The time at which it entered the stage, or was closed, stays where that does not change."""
    params = {**msgspec.structs.asdict(placement), "type": activity_type, "activity_id": uuid4()}
    await execute(connection, _PLACE, {**params, "by_id": by.id, "by_name": by.name})


async def record_activity(
    connection: Connection,
    company_id: UUID,
    deal_id: UUID,
    activity_type: str,
    by: By,
    *,
    metadata: dict[str, object] | None = None,
    activity_id: UUID | None = None,
) -> None:
    """One line of the deal's history; an ``activity_id`` that is there already stays as it is."""
    params = {
        "company_id": company_id,
        "deal_id": deal_id,
        "id": activity_id or uuid4(),
        "type": activity_type,
        "by_id": by.id,
        "by_name": by.name,
        "metadata": Jsonb(metadata or {}),
    }
    await execute(connection, _RECORD, params)


HOLD_PIPELINE = """
    SELECT FROM crm_pipelines
    WHERE company_id = %(company_id)s AND id = %(pipeline_id)s AND deleted_at IS NULL
    FOR SHARE
"""

_INSERT = """
    WITH stage AS (
        SELECT * FROM crm_stages
        WHERE company_id = %(company_id)s AND pipeline_id = %(pipeline_id)s AND id = %(stage_id)s
    ), deal AS (
        INSERT INTO crm_deals (
            company_id, id, name, value, currency, expected_close_date, notes, crm_company_id, pipeline_id, stage_id,
            owner_id, custom_fields, won_at, lost_at
        )
        SELECT company_id, %(id)s, %(name)s, %(value)s, %(currency)s, %(expected_close_date)s, %(notes)s,
            %(crm_company_id)s, pipeline_id, id, %(owner_id)s, %(custom_fields)s, CASE WHEN is_won THEN now() END,
            CASE WHEN is_lost THEN now() END
        FROM stage
        RETURNING company_id, id
    ), linked AS (
        INSERT INTO crm_deal_contacts (company_id, id, deal_id, contact_id, role, is_primary)
        SELECT company_id, %(link_id)s, id, %(contact_id)s::uuid, 'primary', true
        FROM deal WHERE %(contact_id)s::uuid IS NOT NULL
    )
    INSERT INTO crm_deal_activities (
        company_id, id, deal_id, activity_type, to_stage_id, to_stage_name, changed_by_id, changed_by_name
    )
    SELECT deal.company_id, %(activity_id)s, deal.id, 'created', stage.id, stage.name, %(by_id)s, %(by_name)s
    FROM deal, stage
"""

_PLACE = """
    WITH standing AS (
        SELECT d.company_id, d.id, f.id AS from_id, f.name AS from_name
        FROM crm_deals d JOIN crm_stages f ON f.company_id = d.company_id AND f.id = d.stage_id
        WHERE d.company_id = %(company_id)s AND d.id = %(deal_id)s
    ), placed AS (
        UPDATE crm_deals d SET
            entered_stage_at = CASE WHEN d.stage_id = %(stage_id)s THEN d.entered_stage_at ELSE now() END,
            stage_id = %(stage_id)s,
            won_at = CASE WHEN %(outcome)s = 'won' THEN coalesce(d.won_at, now()) END,
            lost_at = CASE WHEN %(outcome)s = 'lost' THEN coalesce(d.lost_at, now()) END,
            lost_reason = %(lost_reason)s, lost_reason_note = %(lost_reason_note)s, updated_at = now()
        WHERE d.company_id = %(company_id)s AND d.id = %(deal_id)s
    )
    INSERT INTO crm_deal_activities (
        company_id, id, deal_id, activity_type, from_stage_id, from_stage_name, to_stage_id, to_stage_name,
        changed_by_id, changed_by_name
    )
    SELECT s.company_id, %(activity_id)s, s.id, %(type)s, s.from_id, s.from_name, t.id, t.name, %(by_id)s, %(by_name)s
    FROM standing s JOIN crm_stages t ON t.company_id = s.company_id AND t.id = %(stage_id)s
"""

_RECORD = """
    INSERT INTO crm_deal_activities (
        company_id, id, deal_id, activity_type, changed_by_id, changed_by_name, metadata
    )
    VALUES (%(company_id)s, %(id)s, %(deal_id)s, %(type)s, %(by_id)s, %(by_name)s, %(metadata)s)
    ON CONFLICT (company_id, id) DO NOTHING
"""
