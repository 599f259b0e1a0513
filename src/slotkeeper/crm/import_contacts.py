"""Import contacts: many at once, each whole or not at all, with what is wrong told by row."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.crm.given import document
from slotkeeper.crm.import_names import Known, resolve
from slotkeeper.crm.import_rows import ContactRow, Issue, Person, Sorted, fault_of, sort_rows
from slotkeeper.crm.pipelines import lock_tenant
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.records.caller import Caller


class ImportedContacts(msgspec.Struct, frozen=True, kw_only=True):
    """Rows, by what became of them; ``skipped`` exist already and stay as they are."""

    created: int
    updated: int
    skipped: int
    failed: int
    issues: Sequence[Issue]


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The contact of each row that was taken, and the result to answer."""

    contact_of: dict[int, UUID]
    result: ImportedContacts


async def import_contacts(
    connection: Connection, caller: Caller, rows: Sequence[ContactRow], *, update: bool
) -> ImportedContacts:
    """Contacts are known by their e-mail address; with ``update`` what a row gives is written over them."""
    async with connection.transaction():
        todo = sort_rows(rows, update=update, fault_of=fault_of)
        return (await write_people(connection, caller, todo, update=update)).result


async def write_people(connection: Connection, caller: Caller, todo: Sorted, *, update: bool) -> Written:
    """In the caller's transaction; imports of one company run one after the other."""
    await lock_tenant(connection, caller.company_id)
    known = await resolve(connection, caller, [person.contact for person in todo.people])
    people = [_document(person, known) for person in todo.people]
    params = {"company_id": caller.company_id, "people": Jsonb(people), "caller": caller.user_id}
    await execute(connection, _INSERT, params)
    if update:
        await execute(connection, _UPDATE, params)
    ids = await fetch(connection, dict[UUID, UUID], _IDS, params) or {}
    return _told(todo, ids, known, update=update)


def _document(person: Person, known: Known) -> Mapping[str, Any]:
    row = person.contact
    return {
        "id": str(person.id),
        "email": row.email or None,
        "first_name": row.first_name or None,
        "last_name": row.last_name or None,
        "phone_number": row.phone_number or None,
        "tags": list(row.tags) if row.tags else None,
        "notes": row.notes or None,
        "owner_id": known.owner(row),
        "crm_company_id": known.company(row),
        "additional_data": document(row.additional_data),
    }


def _told(todo: Sorted, ids: Mapping[UUID, UUID], known: Known, *, update: bool) -> Written:
    """A person's further rows say nothing new, or say it over the first."""
    created = [person for person in todo.people if ids.get(person.id) == person.id]
    others = len(todo.person_of) - len(created)
    result = ImportedContacts(
        created=len(created),
        updated=others if update else 0,
        skipped=0 if update else others,
        failed=len(todo.issues),
        issues=sorted([*todo.issues, *known.issues(todo.people)], key=lambda issue: issue.row),
    )
    return Written(contact_of={row: ids[todo.people[at].id] for row, at in todo.person_of.items()}, result=result)


_PEOPLE = """
    SELECT * FROM jsonb_to_recordset(%(people)s) AS r (
        id uuid, email text, first_name text, last_name text, phone_number text, tags text[], notes text,
        owner_id uuid, crm_company_id uuid, additional_data jsonb
    )
"""

# In the order of the addresses, as whoever writes the same contacts at the same moment does.
_INSERT = f"""
    INSERT INTO crm_contacts (
        company_id, id, email, first_name, last_name, phone_number, tags, notes, account_owner_id, crm_company_id,
        additional_data
    )
    SELECT %(company_id)s, r.id, r.email, r.first_name, r.last_name, r.phone_number, coalesce(r.tags, '{{}}'), r.notes,
        coalesce(r.owner_id, %(caller)s), r.crm_company_id, r.additional_data
    FROM ({_PEOPLE}) r ORDER BY lower(r.email), r.id
    ON CONFLICT (company_id, lower(email)) WHERE deleted_at IS NULL DO NOTHING
"""

_UPDATE = f"""
    UPDATE crm_contacts k SET
        first_name = coalesce(r.first_name, k.first_name), last_name = coalesce(r.last_name, k.last_name),
        phone_number = coalesce(r.phone_number, k.phone_number), tags = coalesce(r.tags, k.tags),
        notes = coalesce(r.notes, k.notes), account_owner_id = coalesce(r.owner_id, k.account_owner_id),
        crm_company_id = coalesce(r.crm_company_id, k.crm_company_id),
        additional_data = k.additional_data || r.additional_data, updated_at = now()
    FROM ({_PEOPLE}) r
    WHERE k.company_id = %(company_id)s AND lower(k.email) = lower(r.email) AND k.deleted_at IS NULL AND k.id <> r.id
"""

_IDS = f"""
    SELECT coalesce(json_object_agg(r.id, coalesce(k.id, r.id)), '{{}}')::text
    FROM ({_PEOPLE}) r
    LEFT JOIN crm_contacts k ON k.company_id = %(company_id)s AND lower(k.email) = lower(r.email)
        AND k.deleted_at IS NULL
"""
