"""Merge duplicates of a deal into it: what hangs on them moves, and they disappear."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.crm.deal import by, get_deal, lock_deal
from slotkeeper.crm.references import require_known
from slotkeeper.db.deals import record_activity
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Malformed
from slotkeeper.records.caller import Caller


class MergedDeals(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``moved`` counts what now hangs on the survivor, by kind."""

    deal_id: UUID
    merged_count: int
    moved: dict[str, int]


async def merge_deals(
    connection: Connection, caller: Caller, deal_id: UUID, duplicates: Sequence[UUID], now: datetime
) -> MergedDeals:
    """The survivor keeps its own fields. Raises ``NotFound``, and ``Malformed`` for a duplicate that is unknown."""
    company_id, names = caller.company_id, sorted({*duplicates})
    if deal_id in names:
        raise Malformed.field("duplicateDealIds", "must not name the deal that survives")
    async with connection.transaction():
        await get_deal(connection, company_id, deal_id, now)
        fields = [f"duplicateDealIds[{at}]" for at in range(len(duplicates))]
        await require_known(
            connection, company_id, [(field, "deal", one) for field, one in zip(fields, duplicates, strict=True)]
        )
        for locked in sorted([deal_id, *names]):
            await lock_deal(connection, company_id, locked)
        params = {"company_id": company_id, "deal_id": deal_id, "ids": names}
        moved = {kind: (await execute(connection, sql, params)).rowcount for kind, sql in _MOVE.items()}
        await execute(connection, _HIDE, params)
        metadata: dict[str, object] = {"mergedDealIds": [str(name) for name in names]}
        await record_activity(connection, company_id, deal_id, "merged", by(caller), metadata=metadata)
    return MergedDeals(deal_id=deal_id, merged_count=len(names), moved=moved)


_OF_DUPLICATES = "WHERE company_id = %(company_id)s AND deal_id = ANY (%(ids)s::uuid[])"

_MOVE = {
    "notes": f"UPDATE crm_notes SET deal_id = %(deal_id)s {_OF_DUPLICATES}",
    "tasks": f"UPDATE crm_tasks SET deal_id = %(deal_id)s {_OF_DUPLICATES}",
    "communications": f"UPDATE crm_communications SET deal_id = %(deal_id)s {_OF_DUPLICATES}",
    "activities": f"UPDATE crm_deal_activities SET deal_id = %(deal_id)s {_OF_DUPLICATES}",
    "appointments": f"UPDATE crm_deal_appointments SET deal_id = %(deal_id)s {_OF_DUPLICATES}",
    "contacts": """
        INSERT INTO crm_deal_contacts (company_id, id, deal_id, contact_id, role)
        SELECT company_id, gen_random_uuid(), %(deal_id)s, contact_id,
            CASE min(role) WHEN 'primary' THEN 'other' ELSE min(role) END
        FROM crm_deal_contacts
        WHERE company_id = %(company_id)s AND deal_id = ANY (%(ids)s::uuid[])
        GROUP BY company_id, contact_id
        ON CONFLICT (company_id, deal_id, contact_id) DO NOTHING
    """,
}

_HIDE = """
    UPDATE crm_deals SET deleted_at = now(), updated_at = now()
    WHERE company_id = %(company_id)s AND id = ANY (%(ids)s::uuid[])
"""
