"""Create, change and delete a company."""

from typing import Any
from uuid import UUID, uuid4

from msgspec import UNSET
from psycopg.types.json import Jsonb

from slotkeeper.crm.company import Company, CompanyPatch, NewCompany, bare_domain, get_company, unknown_company
from slotkeeper.crm.given import assignments, document, given
from slotkeeper.crm.references import require_known
from slotkeeper.db.pool import Connection, execute
from slotkeeper.records.caller import Caller


async def create_company(connection: Connection, caller: Caller, new: NewCompany) -> Company:
    """Raises ``Malformed`` for an unknown owner. Names and domains may stand twice."""
    values = _values(new)
    owner = caller.user_id if new.owner_id is UNSET else new.owner_id
    params = {**dict.fromkeys(_COLUMNS), **values, "owner_id": owner, "id": uuid4(), "company_id": caller.company_id}
    params["custom_fields"] = Jsonb(document(values.get("custom_fields")))
    async with connection.transaction():
        await require_known(connection, caller.company_id, [("ownerId", "user", new.owner_id)])
        await execute(connection, _INSERT, params)
        return await get_company(connection, caller.company_id, params["id"])


async def update_company(
    connection: Connection, company_id: UUID, crm_company_id: UUID, patch: CompanyPatch
) -> Company:
    """Raises ``NotFound``, and ``Malformed`` for an unknown owner."""
    sets, params = assignments(_values(patch), ["custom_fields"])
    async with connection.transaction():
        await require_known(connection, company_id, [("ownerId", "user", patch.owner_id)])
        await execute(connection, _UPDATE.format(sets=sets), {**params, "company_id": company_id, "id": crm_company_id})
        return await get_company(connection, company_id, crm_company_id)


async def delete_company(connection: Connection, company_id: UUID, crm_company_id: UUID) -> None:
    """Its contacts and deals stay, without it. Raises ``NotFound``."""
    if (await execute(connection, _DELETE, {"company_id": company_id, "id": crm_company_id})).rowcount == 0:
        raise unknown_company(crm_company_id)


def _values(patch: CompanyPatch) -> dict[str, Any]:
    values = given(patch)
    if values.get("domain"):
        values["domain"] = bare_domain(values["domain"]) or None
    return values


_COLUMNS = CompanyPatch.__struct_fields__

_ONE = "company_id = %(company_id)s AND id = %(id)s AND deleted_at IS NULL"

_INSERT = f"""
    INSERT INTO crm_companies (company_id, id, {", ".join(_COLUMNS)})
    VALUES (%(company_id)s, %(id)s, {", ".join(f"%({name})s" for name in _COLUMNS)})
"""

_UPDATE = f"UPDATE crm_companies SET {{sets}} WHERE {_ONE}"

_DELETE = f"UPDATE crm_companies SET deleted_at = now(), updated_at = now() WHERE {_ONE}"
