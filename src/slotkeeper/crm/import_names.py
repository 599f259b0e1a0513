"""Whom the names in an import mean: owners by their address, companies by their name or id."""

from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

import msgspec

from slotkeeper.crm.import_rows import ContactRow, Issue, Person
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.records.caller import Caller


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Ids by address and by reference, in lower case."""

    users: dict[str, UUID]
    companies: dict[str, UUID]

    def owner(self, row: ContactRow) -> str | None:
        found = self.users.get((row.account_owner_email or "").lower())
        return str(found) if found else None

    def company(self, row: ContactRow) -> str | None:
        found = self.companies.get(_reference(row))
        return str(found) if found else None

    def issues(self, people: Sequence[Person]) -> Iterator[Issue]:
        """A name that means nobody leaves the field as if it were not given."""
        for person in people:
            row = person.contact
            if row.account_owner_email and not self.owner(row):
                yield Issue(
                    row=person.rows[0], message=f"{row.account_owner_email} is no user; the owner is the importer"
                )
            if _reference(row) and not self.company(row):
                yield Issue(row=person.rows[0], message=f"{row.crm_company_ref} is no company; it was left out")


async def resolve(connection: Connection, caller: Caller, rows: Sequence[ContactRow]) -> Known:
    """Companies whose name nobody knows are made; the company's row is locked, so that none is made twice."""
    references: dict[str, str] = {}
    for row in rows:
        references.setdefault(_reference(row), (row.crm_company_ref or "").strip())
    references.pop("", None)
    names = {key: name for key, name in references.items() if not _is_id(key)}
    params = {
        "company_id": caller.company_id,
        "emails": sorted({row.account_owner_email.lower() for row in rows if row.account_owner_email}),
        "keys": list(names),
        "names": list(names.values()),
        "new_ids": [uuid4() for _ in names],
        "ids": [UUID(key) for key in references if _is_id(key)],
        "owner_id": caller.user_id,
    }
    await execute(connection, _MAKE, params)
    return await fetch(connection, Known, _KNOWN, params) or Known(users={}, companies={})


def _reference(row: ContactRow) -> str:
    return (row.crm_company_ref or "").strip().lower()


def _is_id(reference: str) -> bool:
    try:
        return str(UUID(reference)) == reference
    except ValueError:
        return False


_MAKE = """
    INSERT INTO crm_companies (company_id, id, name, owner_id)
    SELECT %(company_id)s, n.id, n.name, %(owner_id)s
    FROM unnest(%(names)s::text[], %(new_ids)s::uuid[]) AS n (name, id)
    WHERE NOT EXISTS (
        SELECT FROM crm_companies m
        WHERE m.company_id = %(company_id)s AND lower(m.name) = lower(n.name) AND m.deleted_at IS NULL
    )
"""

_KNOWN = """
    SELECT json_build_object(
        'users', (
            SELECT coalesce(json_object_agg(lower(u.email), u.id), '{}') FROM users u
            WHERE u.company_id = %(company_id)s AND lower(u.email) = ANY (%(emails)s::text[]) AND u.deleted_at IS NULL
        ),
        'companies', (
            SELECT coalesce(json_object_agg(f.key, f.id), '{}')
            FROM (
                SELECT n.key, (
                    SELECT m.id FROM crm_companies m
                    WHERE m.company_id = %(company_id)s AND lower(m.name) = lower(n.name) AND m.deleted_at IS NULL
                    ORDER BY m.created_at, m.id LIMIT 1
                ) AS id
                FROM unnest(%(keys)s::text[], %(names)s::text[]) AS n (key, name)
                UNION ALL
                SELECT m.id::text, m.id FROM crm_companies m
                WHERE m.company_id = %(company_id)s AND m.id = ANY (%(ids)s::uuid[]) AND m.deleted_at IS NULL
            ) f
            WHERE f.id IS NOT NULL
        )
    )::text
"""
