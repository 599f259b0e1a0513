"""Create a deal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.crm.deal import Deal, by, get_deal
from slotkeeper.crm.deal_contacts import NewDealContact, link_contact, make_primary
from slotkeeper.crm.given import document
from slotkeeper.crm.moments import day
from slotkeeper.crm.pipeline import hold_pipeline
from slotkeeper.crm.references import Reference, require_known
from slotkeeper.crm.stage_rules import chosen_stage, require_fields
from slotkeeper.crm.texts import Day, Long, Name
from slotkeeper.db.deals import DealRow, insert_deal
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Malformed, NotFound
from slotkeeper.records.caller import Caller

Amount = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
Currency = Annotated[str, msgspec.Meta(min_length=1, max_length=10)]


class NewDeal(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``stageId`` must belong to ``pipelineId``. An ``ownerId`` that is left out is the caller, null is nobody."""

    name: Name
    pipeline_id: UUID
    stage_id: UUID
    value: Amount | None = None
    currency: Currency | None = None
    expected_close_date: Day | None = None
    notes: Long | None = None
    crm_company_id: UUID | None = None
    contact_id: UUID | None = None
    owner_id: UUID | UnsetType | None = UNSET
    contacts: Annotated[Sequence[NewDealContact], msgspec.Meta(max_length=50)] | None = None
    custom_fields: dict[str, Any] | None = None


async def create_deal(connection: Connection, caller: Caller, new: NewDeal, now: datetime) -> Deal:
    """``contactId`` is its primary contact, whatever ``contacts`` says. Raises ``Malformed`` naming the field."""
    async with connection.transaction():
        await require_known(connection, caller.company_id, _references(new))
        await _require_stage(connection, caller.company_id, new)
        row = _row(caller, new)
        await insert_deal(connection, row, by(caller))
        for link in new.contacts or ():
            await link_contact(connection, caller.company_id, row.id, link)
        if new.contact_id:
            await make_primary(connection, caller.company_id, row.id, new.contact_id)
        return await get_deal(connection, caller.company_id, row.id, now)


async def _require_stage(connection: Connection, company_id: UUID, new: NewDeal) -> None:
    try:
        pipeline = await hold_pipeline(connection, company_id, new.pipeline_id)
    except NotFound as unknown:
        raise Malformed.field("pipelineId", "must name a pipeline of this company") from unknown
    require_fields(chosen_stage(pipeline, "stageId", new.stage_id), new.custom_fields or {})


def _row(caller: Caller, new: NewDeal) -> DealRow:
    return DealRow(
        company_id=caller.company_id,
        id=uuid4(),
        name=new.name,
        pipeline_id=new.pipeline_id,
        stage_id=new.stage_id,
        value=new.value,
        currency=new.currency or "EUR",
        expected_close_date=day("expectedCloseDate", new.expected_close_date) if new.expected_close_date else None,
        notes=new.notes or None,
        crm_company_id=new.crm_company_id,
        owner_id=caller.user_id if new.owner_id is UNSET else new.owner_id,
        custom_fields=document(new.custom_fields),
    )


def _references(new: NewDeal) -> list[Reference]:
    links = new.contacts or ()
    return [
        ("crmCompanyId", "company", new.crm_company_id),
        ("contactId", "contact", new.contact_id),
        ("ownerId", "user", new.owner_id),
        *((f"contacts[{at}].contactId", "contact", link.contact_id) for at, link in enumerate(links)),
    ]
