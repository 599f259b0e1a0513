"""Who a deal is about: one primary contact, and others with their roles."""

from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.crm.deal import DEAL_CONTACT_JSON, DealContact, Role, by, get_deal, lock_deal
from slotkeeper.crm.references import require_known
from slotkeeper.db.deals import record_activity
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.errors import NotFound
from slotkeeper.records.caller import Caller


class NewDealContact(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The role ``primary`` and ``isPrimary`` say the same."""

    contact_id: UUID
    role: Role = "other"
    is_primary: bool = False


class DealContactPatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    role: Role | UnsetType = UNSET
    is_primary: bool | UnsetType = UNSET


async def add_deal_contact(
    connection: Connection, caller: Caller, deal_id: UUID, new: NewDealContact, now: datetime
) -> DealContact:
    """One that is linked already gets the new role. Raises ``NotFound``, and ``Malformed`` for an unknown contact."""
    async with connection.transaction():
        await require_known(connection, caller.company_id, [("contactId", "contact", new.contact_id)])
        await lock_deal(connection, caller.company_id, deal_id)
        await link_contact(connection, caller.company_id, deal_id, new)
        metadata: dict[str, object] = {"contactId": str(new.contact_id)}
        await record_activity(connection, caller.company_id, deal_id, "contact_added", by(caller), metadata=metadata)
        links = (await get_deal(connection, caller.company_id, deal_id, now)).contacts
    return next(link for link in links if link.contact_id == new.contact_id)


async def update_deal_contact(
    connection: Connection, caller: Caller, deal_id: UUID, link_id: UUID, patch: DealContactPatch
) -> DealContact:
    """Raises ``NotFound``."""
    async with connection.transaction():
        await lock_deal(connection, caller.company_id, deal_id)
        link = await _link(connection, caller.company_id, deal_id, link_id)
        await link_contact(connection, caller.company_id, deal_id, _changed(link, patch))
        return await _link(connection, caller.company_id, deal_id, link_id)


async def remove_deal_contact(connection: Connection, caller: Caller, deal_id: UUID, link_id: UUID) -> None:
    """The contact stays. Raises ``NotFound``."""
    async with connection.transaction():
        await lock_deal(connection, caller.company_id, deal_id)
        link = await _link(connection, caller.company_id, deal_id, link_id)
        await execute(connection, _UNLINK, {"company_id": caller.company_id, "deal_id": deal_id, "id": link_id})
        metadata: dict[str, object] = {"contactId": str(link.contact_id)}
        await record_activity(connection, caller.company_id, deal_id, "contact_removed", by(caller), metadata=metadata)


async def link_contact(connection: Connection, company_id: UUID, deal_id: UUID, new: NewDealContact) -> None:
    """A new primary contact takes the place of the one before, who stays with another role."""
    is_primary = new.is_primary or new.role == "primary"
    params = {"company_id": company_id, "deal_id": deal_id, "id": uuid4(), "contact_id": new.contact_id}
    if is_primary:
        await execute(connection, _DEMOTE, params)
    await execute(connection, _LINK, {**params, "role": new.role, "is_primary": is_primary})


async def make_primary(connection: Connection, company_id: UUID, deal_id: UUID, contact_id: UUID | None) -> None:
    """The one before is no longer linked, unless they have a role beside it; None: nobody is primary."""
    await execute(connection, _DROP_PRIMARY, {"company_id": company_id, "deal_id": deal_id, "contact_id": contact_id})
    if contact_id is not None:
        new = NewDealContact(contact_id=contact_id, role="primary", is_primary=True)
        await link_contact(connection, company_id, deal_id, new)


def _changed(link: DealContact, patch: DealContactPatch) -> NewDealContact:
    """A primary contact with another role, or without the flag, is no longer primary."""
    role = link.role if patch.role is UNSET else patch.role
    is_primary = role == "primary" if patch.is_primary is UNSET else patch.is_primary
    if role == "primary" and not is_primary:
        role = "other"
    return NewDealContact(contact_id=link.contact_id, role=role, is_primary=is_primary)


async def _link(connection: Connection, company_id: UUID, deal_id: UUID, link_id: UUID) -> DealContact:
    params = {"company_id": company_id, "deal_id": deal_id, "id": link_id}
    found = await fetch(connection, DealContact, _GET, params)
    if found is None:
        raise NotFound(f"contact {link_id} of deal {deal_id} not found")
    return found


_DEMOTE = """
    UPDATE crm_deal_contacts SET is_primary = false, role = CASE role WHEN 'primary' THEN 'other' ELSE role END
    WHERE company_id = %(company_id)s AND deal_id = %(deal_id)s AND is_primary AND contact_id <> %(contact_id)s
"""

_DROP_PRIMARY = """
    WITH gone AS (
        DELETE FROM crm_deal_contacts
        WHERE company_id = %(company_id)s AND deal_id = %(deal_id)s AND is_primary AND role = 'primary'
            AND contact_id IS DISTINCT FROM %(contact_id)s::uuid
    )
    UPDATE crm_deal_contacts SET is_primary = false
    WHERE company_id = %(company_id)s AND deal_id = %(deal_id)s AND is_primary AND role <> 'primary'
        AND contact_id IS DISTINCT FROM %(contact_id)s::uuid
"""

_LINK = """
    INSERT INTO crm_deal_contacts (company_id, id, deal_id, contact_id, role, is_primary)
    VALUES (%(company_id)s, %(id)s, %(deal_id)s, %(contact_id)s, %(role)s, %(is_primary)s)
    ON CONFLICT (company_id, deal_id, contact_id)
    DO UPDATE SET role = excluded.role, is_primary = excluded.is_primary
"""

_UNLINK = """
    DELETE FROM crm_deal_contacts WHERE company_id = %(company_id)s AND deal_id = %(deal_id)s AND id = %(id)s
"""

_GET = f"""
    SELECT ({DEAL_CONTACT_JSON})::text
    FROM crm_deal_contacts l
    JOIN crm_contacts lk ON lk.company_id = l.company_id AND lk.id = l.contact_id AND lk.deleted_at IS NULL
    WHERE l.company_id = %(company_id)s AND l.deal_id = %(deal_id)s AND l.id = %(id)s
"""
