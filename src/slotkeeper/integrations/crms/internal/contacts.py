"""One contact per person: found by e-mail address, created or enriched."""

from uuid import UUID, uuid4

from slotkeeper.db.pool import Connection
from slotkeeper.records.people import Attendee


async def write_contact(
    connection: Connection, company_id: UUID, attendee: Attendee, owner_id: UUID, known: UUID | None
) -> UUID:
    """The contact's id. Only empty fields are filled: what people wrote in the CRM stays.

    ``known`` is the contact that this attendee became before; it is kept even if its address was changed since.
    Without an address a contact takes the attendee's id, as telephone numbers are shared and typed in many ways.
    """
    first_name, last_name = names(attendee)
    params = {
        "company_id": company_id,
        "id": uuid4() if attendee.email else attendee.id,
        "known": known,
        "email": attendee.email,
        "first_name": first_name,
        "last_name": last_name,
        "phone_number": attendee.phone or None,
        "language": attendee.language,
        "owner_id": owner_id,
    }
    for statement in (_ENRICH, _UPSERT_BY_EMAIL if attendee.email else _UPSERT_BY_ID):
        cursor = await connection.execute(statement, params)
        if row := await cursor.fetchone():
            found: UUID = row[0]
            return found
    raise LookupError(f"contact of attendee {attendee.id} not written")


def names(attendee: Attendee) -> tuple[str | None, str | None]:
    """First and last name; the last word of a full name is the last name."""
    if attendee.firstname or attendee.lastname:
        return attendee.firstname or None, attendee.lastname or None
    *first, last = (attendee.fullname or "").split() or [""]
    return (" ".join(first), last) if first else (last or None, None)


_FILL = """
    first_name = coalesce(k.first_name, %(first_name)s), last_name = coalesce(k.last_name, %(last_name)s),
    phone_number = coalesce(k.phone_number, %(phone_number)s), language = coalesce(k.language, %(language)s),
    account_owner_id = coalesce(k.account_owner_id, %(owner_id)s), updated_at = now()
"""

_ENRICH = f"""
    UPDATE crm_contacts k SET {_FILL}
    WHERE k.company_id = %(company_id)s AND k.id = %(known)s AND k.deleted_at IS NULL
    RETURNING k.id
"""

_INSERT = """
    INSERT INTO crm_contacts AS k (
        company_id, id, email, first_name, last_name, phone_number, language, account_owner_id
    )
    VALUES (
        %(company_id)s, %(id)s, %(email)s, %(first_name)s, %(last_name)s, %(phone_number)s, %(language)s, %(owner_id)s
    )
"""

_UPSERT_BY_EMAIL = f"""
    {_INSERT}
    ON CONFLICT (company_id, lower(email)) WHERE deleted_at IS NULL DO UPDATE SET {_FILL}
    RETURNING k.id
"""

_UPSERT_BY_ID = f"""
    {_INSERT}
    ON CONFLICT (company_id, id) DO UPDATE SET deleted_at = NULL, {_FILL}
    RETURNING k.id
"""
