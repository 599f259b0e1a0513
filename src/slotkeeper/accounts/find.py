"""Finds the company and the user that an operator means on the command line."""

from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, fetch_all
from slotkeeper.errors import Malformed, NotFound


class FoundUser(msgspec.Struct, frozen=True, kw_only=True):
    company_id: UUID
    company_name: str
    id: UUID


async def only_company(connection: Connection) -> UUID:
    """The one company there is. Raises ``NotFound`` without any, ``Malformed`` (company) where it must be named."""
    companies = await fetch_all(connection, UUID, _TWO_COMPANIES, {})
    if not companies:
        raise NotFound("there is no company yet")
    if len(companies) > 1:
        raise Malformed.field("company", "there are several; name one by its id")
    return companies[0]


async def user_by_email(connection: Connection, email: str, company_id: UUID | None = None) -> FoundUser:
    """Raises ``NotFound``, or ``Malformed`` (company) where several companies have a user with this address."""
    found = await fetch_all(connection, FoundUser, _BY_EMAIL, {"email": email, "company_id": company_id})
    if not found:
        raise NotFound(f"no user {email}")
    if len(found) > 1:
        names = ", ".join(f"{user.company_name} ({user.company_id})" for user in found)
        raise Malformed.field("company", f"{email} is a user of several: {names}")
    return found[0]


_TWO_COMPANIES = "SELECT to_json(id)::text FROM companies LIMIT 2"

_BY_EMAIL = """
    SELECT json_build_object('company_id', u.company_id, 'company_name', c.name, 'id', u.id)::text
    FROM users u JOIN companies c ON c.id = u.company_id
    WHERE lower(u.email) = lower(%(email)s) AND u.deleted_at IS NULL
        AND (%(company_id)s::uuid IS NULL OR u.company_id = %(company_id)s)
    ORDER BY c.created_at
"""
