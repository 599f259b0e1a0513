"""Create and change a contact. No two contacts of a company have one e-mail address: bookings find theirs by it."""

from typing import Any
from uuid import UUID, uuid4

from msgspec import UNSET
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from slotkeeper.crm.contact import CONTACT_JOINS, CONTACT_JSON, Contact, ContactPatch, NewContact, unknown_contact
from slotkeeper.crm.given import assignments, document, given
from slotkeeper.crm.references import Reference, require_known
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Conflict, Malformed
from slotkeeper.records.caller import Caller

MERGED = ("address", "additional_data")


async def create_contact(connection: Connection, caller: Caller, new: NewContact) -> Contact:
    """Raises ``Malformed`` naming the field, and ``Conflict`` (contact-exists) where the address is taken.

    The address of a deleted contact is free: the new contact is another one.
    """
    if not (new.email or new.phone_number):
        raise Malformed.field("email", "or phoneNumber is required")
    values = given(new)
    owner = caller.user_id if new.account_owner_id is UNSET else new.account_owner_id
    async with connection.transaction():
        await _require_known(connection, caller.company_id, new)
        params = {
            **dict.fromkeys(_COLUMNS),
            **values,
            "account_owner_id": owner,
            "tags": list(values.get("tags") or ()),
        }
        params |= {name: Jsonb(document(values.get(name))) for name in MERGED}
        params |= {"company_id": caller.company_id, "id": uuid4()}
        created = await _write(connection, _INSERT, params)
    if created is None:
        raise LookupError("the contact was not written")
    return created


async def update_contact(connection: Connection, caller: Caller, contact_id: UUID, patch: ContactPatch) -> Contact:
    """Raises like ``create_contact``, and ``NotFound``."""
    values = given(patch)
    if "tags" in values:
        values["tags"] = list(values["tags"])
    sets, params = assignments(values, MERGED)
    async with connection.transaction():
        await _require_known(connection, caller.company_id, patch)
        params |= {"company_id": caller.company_id, "id": contact_id}
        updated = await _write(connection, _UPDATE.format(sets=sets), params)
    if updated is None:
        raise unknown_contact(contact_id)
    return updated


async def _require_known(connection: Connection, company_id: UUID, patch: ContactPatch) -> None:
    references: tuple[Reference, ...] = (
        ("accountOwnerId", "user", patch.account_owner_id),
        ("crmCompanyId", "company", patch.crm_company_id),
    )
    await require_known(connection, company_id, references)


async def _write(connection: Connection, sql: str, params: dict[str, Any]) -> Contact | None:
    try:
        return await fetch(connection, Contact, sql, params)
    except UniqueViolation as taken:
        raise Conflict("another contact has this e-mail address", code="contact-exists") from taken


_COLUMNS = ContactPatch.__struct_fields__

_INSERT = f"""
    WITH k AS (
        INSERT INTO crm_contacts (company_id, id, {", ".join(_COLUMNS)})
        VALUES (%(company_id)s, %(id)s, {", ".join(f"%({name})s" for name in _COLUMNS)})
        RETURNING *
    )
    SELECT ({CONTACT_JSON})::text FROM k {CONTACT_JOINS}
"""

_UPDATE = f"""
    WITH k AS (
        UPDATE crm_contacts SET {{sets}}
        WHERE company_id = %(company_id)s AND id = %(id)s AND deleted_at IS NULL
        RETURNING *
    )
    SELECT ({CONTACT_JSON})::text FROM k {CONTACT_JOINS}
"""
