"""Log, list, correct and delete communications."""

from typing import Any
from uuid import UUID, uuid4

import msgspec

from slotkeeper.crm.communication import (
    COMMUNICATION_JOINS,
    COMMUNICATION_JSON,
    Communication,
    CommunicationPatch,
    NewCommunication,
)
from slotkeeper.crm.given import assignments, given
from slotkeeper.crm.moments import moment
from slotkeeper.crm.parents import Parent, find_parent, one_parent, require_parent
from slotkeeper.crm.reach import REACHED_BY
from slotkeeper.db.pool import Connection, execute, fetch, fetch_all
from slotkeeper.errors import NotFound
from slotkeeper.records.caller import Caller


async def communications_of(connection: Connection, company_id: UUID, parent: Parent) -> list[Communication]:
    """Newest first, at most a thousand. Raises ``NotFound`` for a parent that is none."""
    await find_parent(connection, company_id, parent)
    params = {"company_id": company_id, "id": parent.id}
    return await fetch_all(connection, Communication, _LIST.format(reached=REACHED_BY[parent.column]), params)


async def log_communication(connection: Connection, caller: Caller, new: NewCommunication) -> Communication:
    """Raises ``Malformed`` naming the field."""
    parent = one_parent(contact_id=new.contact_id, deal_id=new.deal_id, crm_company_id=new.crm_company_id)
    communication_id = uuid4()
    params: dict[str, Any] = {
        **msgspec.structs.asdict(new),
        **parent.columns,
        "occurred_at": moment("occurredAt", new.occurred_at, caller.timezone),
        "subject": new.subject or None,
        "company_id": caller.company_id,
        "id": communication_id,
        "logged_by_id": caller.user_id,
    }
    async with connection.transaction():
        await require_parent(connection, caller.company_id, parent)
        await execute(connection, _INSERT, params)
        return await get_communication(connection, caller.company_id, communication_id)


async def get_communication(connection: Connection, company_id: UUID, communication_id: UUID) -> Communication:
    """Raises ``NotFound``."""
    found = await fetch(connection, Communication, _GET, {"company_id": company_id, "id": communication_id})
    if found is None:
        raise _unknown(communication_id)
    return found


async def update_communication(
    connection: Connection, caller: Caller, communication_id: UUID, patch: CommunicationPatch
) -> Communication:
    """Raises ``NotFound``, and ``Malformed`` for what is no moment."""
    values = given(patch)
    if "occurred_at" in values:
        values["occurred_at"] = moment("occurredAt", values["occurred_at"] or "", caller.timezone)
    if "body" in values:
        values["body"] = values["body"] or ""
    sets, params = assignments(values)
    params |= {"company_id": caller.company_id, "id": communication_id}
    await execute(connection, _UPDATE.format(sets=sets), params)
    return await get_communication(connection, caller.company_id, communication_id)


async def delete_communication(connection: Connection, company_id: UUID, communication_id: UUID) -> None:
    """Raises ``NotFound``."""
    if (await execute(connection, _DELETE, {"company_id": company_id, "id": communication_id})).rowcount == 0:
        raise _unknown(communication_id)


def _unknown(communication_id: UUID) -> NotFound:
    return NotFound(f"communication {communication_id} not found")


_LIST = f"""
    SELECT {COMMUNICATION_JSON} FROM crm_communications x {COMMUNICATION_JOINS}
    WHERE x.company_id = %(company_id)s AND {{reached}}
    ORDER BY x.occurred_at DESC, x.id LIMIT 1000
"""

_GET = f"""
    SELECT {COMMUNICATION_JSON} FROM crm_communications x {COMMUNICATION_JOINS}
    WHERE x.company_id = %(company_id)s AND x.id = %(id)s
"""

_INSERT = """
    INSERT INTO crm_communications (
        company_id, id, type, direction, subject, body, duration_seconds, outcome, deal_id, contact_id, crm_company_id,
        logged_by_id, occurred_at
    )
    VALUES (
        %(company_id)s, %(id)s, %(type)s, %(direction)s, %(subject)s, %(body)s, %(duration_seconds)s, %(outcome)s,
        %(deal_id)s, %(contact_id)s, %(crm_company_id)s, %(logged_by_id)s, %(occurred_at)s
    )
"""

_UPDATE = "UPDATE crm_communications SET {sets} WHERE company_id = %(company_id)s AND id = %(id)s"

_DELETE = "DELETE FROM crm_communications WHERE company_id = %(company_id)s AND id = %(id)s"
