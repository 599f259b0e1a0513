"""Import deals: for each row its contact, known or new, and one deal in one stage."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID, uuid4

import msgspec

from slotkeeper.crm.create_deal import Amount
from slotkeeper.crm.deal import by
from slotkeeper.crm.import_contacts import write_people
from slotkeeper.crm.import_rows import ContactRow, Issue, fault_of, sort_rows
from slotkeeper.crm.moments import day
from slotkeeper.crm.pipeline import hold_pipeline
from slotkeeper.crm.stage_rules import chosen_stage
from slotkeeper.crm.texts import Day, Long, Short
from slotkeeper.db.deals import DealRow, insert_deal
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Malformed, NotFound
from slotkeeper.records.caller import Caller


class DealImportRow(ContactRow, frozen=True, kw_only=True):
    """Without ``dealName``, the contact's name; an owner whom nobody knows is the caller."""

    deal_name: Short | None = None
    deal_value: Amount | None = None
    deal_currency: Annotated[str, msgspec.Meta(max_length=10)] | None = None
    deal_expected_close_date: Day | None = None
    deal_owner_email: Short | None = None
    deal_notes: Long | None = None


class DealImport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    rows: Annotated[Sequence[DealImportRow], msgspec.Meta(min_length=1, max_length=500)]
    pipeline_id: UUID
    stage_id: UUID
    update_existing: bool | None = False


class ImportedDeals(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``dealsSkipped`` is for a limit on deals, which there is none of."""

    contacts_created: int
    contacts_updated: int
    contacts_skipped: int
    deals_created: int
    deals_skipped: int = 0
    failed: int
    issues: Sequence[Issue]


class _Contact(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    crm_company_id: UUID | None


async def import_deals(connection: Connection, caller: Caller, wanted: DealImport) -> ImportedDeals:
    """All in one transaction; what is wrong is told by row. Raises ``Malformed`` for an unknown stage."""
    update = bool(wanted.update_existing)
    todo = sort_rows(wanted.rows, update=update, fault_of=_fault_of)
    async with connection.transaction():
        written = await write_people(connection, caller, todo, update=update)
        await _require_stage(connection, caller.company_id, wanted)
        ids = list(written.contact_of.values())
        params = {"company_id": caller.company_id, "ids": ids}
        contacts = await fetch(connection, dict[UUID, _Contact], _CONTACTS, params) or {}
        owners = await _owners(connection, caller.company_id, wanted.rows)
        for at, contact_id in written.contact_of.items():
            row = _deal(caller, wanted, wanted.rows[at], owners, contact_id, contacts[contact_id])
            await insert_deal(connection, row, by(caller))
    people = written.result
    return ImportedDeals(
        contacts_created=people.created,
        contacts_updated=people.updated,
        contacts_skipped=people.skipped,
        deals_created=len(ids),
        failed=people.failed,
        issues=people.issues,
    )


async def _require_stage(connection: Connection, company_id: UUID, wanted: DealImport) -> None:
    """After the contacts are locked, as a booking does that makes a deal."""
    try:
        pipeline = await hold_pipeline(connection, company_id, wanted.pipeline_id)
    except NotFound as unknown:
        raise Malformed.field("pipelineId", "must name a pipeline of this company") from unknown
    chosen_stage(pipeline, "stageId", wanted.stage_id)


async def _owners(connection: Connection, company_id: UUID, rows: Sequence[DealImportRow]) -> Mapping[str, UUID]:
    emails = sorted({row.deal_owner_email.lower() for row in rows if row.deal_owner_email})
    return await fetch(connection, dict[str, UUID], _OWNERS, {"company_id": company_id, "emails": emails}) or {}


def _deal(
    caller: Caller,
    wanted: DealImport,
    row: DealImportRow,
    owners: Mapping[str, UUID],
    contact_id: UUID,
    contact: _Contact,
) -> DealRow:
    closing = row.deal_expected_close_date
    return DealRow(
        company_id=caller.company_id,
        id=uuid4(),
        name=row.deal_name or contact.name,
        pipeline_id=wanted.pipeline_id,
        stage_id=wanted.stage_id,
        value=row.deal_value,
        currency=row.deal_currency or "EUR",
        expected_close_date=day("dealExpectedCloseDate", closing) if closing else None,
        notes=row.deal_notes or None,
        crm_company_id=contact.crm_company_id,
        contact_id=contact_id,
        owner_id=owners.get((row.deal_owner_email or "").lower(), caller.user_id),
    )


def _fault_of(row: DealImportRow) -> str | None:
    if row.deal_expected_close_date:
        try:
            day("dealExpectedCloseDate", row.deal_expected_close_date)
        except Malformed as fault:
            return fault.detail
    return fault_of(row)


_CONTACTS = """
    SELECT coalesce(json_object_agg(k.id, json_build_object(
        'name', coalesce(nullif(btrim(concat_ws(' ', k.first_name, k.last_name)), ''), k.email, k.phone_number),
        'crm_company_id', k.crm_company_id
    )), '{}')::text
    FROM crm_contacts k WHERE k.company_id = %(company_id)s AND k.id = ANY (%(ids)s::uuid[])
"""

_OWNERS = """
    SELECT coalesce(json_object_agg(lower(u.email), u.id), '{}')::text FROM users u
    WHERE u.company_id = %(company_id)s AND lower(u.email) = ANY (%(emails)s::text[]) AND u.deleted_at IS NULL
"""
