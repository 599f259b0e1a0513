"""How many deals there are, and what they are worth."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, fetch

UNLIMITED = -1


class OfCurrency(msgspec.Struct, frozen=True, kw_only=True):
    currency: str
    count: int
    value: float


class OfStage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    pipeline_id: UUID
    stage_id: UUID
    stage_name: str
    count: int
    value: float
    weighted_value: float


class DealSummary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Counts are of all deals. Values are of those in ``displayCurrency``, the most frequent one: sums over currencies
    would mean nothing. ``weightedForecast`` counts open deals by their stage's probability."""

    total_deals: int
    total_value: float
    weighted_forecast: float
    open_deals: int
    won_deals: int
    lost_deals: int
    currencies: Sequence[OfCurrency]
    display_currency: str
    by_stage: Sequence[OfStage]


class DealLimits(msgspec.Struct, frozen=True, kw_only=True):
    """``limit`` -1: as many as one likes."""

    count: int
    limit: int = UNLIMITED


async def deal_summary(
    connection: Connection, company_id: UUID, *, owner_id: UUID | None = None, pipeline_id: UUID | None = None
) -> DealSummary:
    params = {"company_id": company_id, "owner_id": owner_id, "pipeline_id": pipeline_id}
    found = await fetch(connection, DealSummary, _SUMMARY, params)
    if found is None:
        raise LookupError("a summary is always one row")
    return found


async def deal_limits(connection: Connection, company_id: UUID) -> DealLimits:
    count = await fetch(connection, int, _COUNT, {"company_id": company_id})
    return DealLimits(count=count or 0)


_SUMMARY = """
    WITH deals AS (
        SELECT d.*, d.won_at IS NULL AND d.lost_at IS NULL AS is_open, coalesce(d.value, 0) AS worth,
            coalesce(d.value, 0) * coalesce(s.win_probability, 0)::numeric / 100 AS weighted, s.name AS stage_name,
            s.position AS stage_position
        FROM crm_deals d JOIN crm_stages s ON s.company_id = d.company_id AND s.id = d.stage_id
        WHERE d.company_id = %(company_id)s AND d.deleted_at IS NULL
            AND (%(owner_id)s::uuid IS NULL OR d.owner_id = %(owner_id)s)
            AND (%(pipeline_id)s::uuid IS NULL OR d.pipeline_id = %(pipeline_id)s)
    ), shown AS (
        SELECT coalesce((SELECT currency FROM deals GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1), 'EUR')
            AS currency
    )
    SELECT json_build_object(
        'totalDeals', count(d.id), 'openDeals', count(d.id) FILTER (WHERE d.is_open),
        'wonDeals', count(d.won_at), 'lostDeals', count(d.lost_at),
        'totalValue', coalesce(sum(d.worth) FILTER (WHERE d.currency = shown.currency), 0),
        'weightedForecast', coalesce(sum(d.weighted) FILTER (WHERE d.is_open AND d.currency = shown.currency), 0),
        'displayCurrency', shown.currency,
        'currencies', (
            SELECT coalesce(json_agg(json_build_object('currency', c.currency, 'count', c.count, 'value', c.value)
                ORDER BY c.count DESC, c.currency), '[]')
            FROM (SELECT currency, count(*), sum(worth) AS value FROM deals GROUP BY currency) c
        ),
        'byStage', (
            SELECT coalesce(json_agg(json_build_object(
                'pipelineId', b.pipeline_id, 'stageId', b.stage_id, 'stageName', b.stage_name, 'count', b.count,
                'value', b.value, 'weightedValue', b.weighted
            ) ORDER BY b.pipeline_id, b.stage_position), '[]')
            FROM (
                SELECT pipeline_id, stage_id, stage_name, stage_position, count(*),
                    coalesce(sum(worth) FILTER (WHERE e.currency = shown.currency), 0) AS value,
                    coalesce(sum(weighted) FILTER (WHERE e.currency = shown.currency), 0) AS weighted
                FROM deals e GROUP BY pipeline_id, stage_id, stage_name, stage_position
            ) b
        )
    )::text
    FROM shown LEFT JOIN deals d ON true
    GROUP BY shown.currency
"""

_COUNT = """
    SELECT to_json(count(*))::text FROM crm_deals WHERE company_id = %(company_id)s AND deleted_at IS NULL
"""
