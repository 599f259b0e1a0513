"""What a note, a communication or an attachment hangs on: exactly one contact, deal or company."""

from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.crm.references import Kind, require_known
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Malformed, NotFound

Field = Literal["contactId", "dealId", "crmCompanyId"]
_KINDS: dict[Field, Kind] = {"contactId": "contact", "dealId": "deal", "crmCompanyId": "company"}
_COLUMNS: dict[Field, str] = {"contactId": "contact_id", "dealId": "deal_id", "crmCompanyId": "crm_company_id"}


class Parent(msgspec.Struct, frozen=True, kw_only=True):
    field: Field
    id: UUID

    @property
    def column(self) -> str:
        return _COLUMNS[self.field]

    @property
    def columns(self) -> dict[str, object]:
        """All three, the other two null."""
        return {**dict.fromkeys(_COLUMNS.values()), self.column: self.id}


def one_parent(*, contact_id: UUID | None, deal_id: UUID | None, crm_company_id: UUID | None) -> Parent:
    """Raises ``Malformed`` for none, and for several."""
    given: dict[Field, UUID | None] = {"contactId": contact_id, "dealId": deal_id, "crmCompanyId": crm_company_id}
    found = [Parent(field=field, id=value) for field, value in given.items() if value is not None]
    if len(found) != 1:
        raise Malformed.field("contactId", "or dealId or crmCompanyId is required, exactly one of them")
    return found[0]


async def require_parent(connection: Connection, company_id: UUID, parent: Parent) -> None:
    """Of a body. Raises ``Malformed``."""
    await require_known(connection, company_id, [(parent.field, _KINDS[parent.field], parent.id)])


async def find_parent(connection: Connection, company_id: UUID, parent: Parent) -> None:
    """Of a path or a query. Raises ``NotFound``."""
    try:
        await require_parent(connection, company_id, parent)
    except Malformed as unknown:
        raise NotFound(f"{_KINDS[parent.field]} {parent.id} not found") from unknown
