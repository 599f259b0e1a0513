"""The fields of its own that a company gives its deals and companies. They describe; values are not checked by them."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.crm.texts import Short
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.errors import Malformed

RecordType = Literal["deal", "company"]
FieldType = Literal["text", "textarea", "number", "currency", "date", "select", "multiselect", "checkbox"]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Order = Annotated[int, msgspec.Meta(ge=0, le=1000)]


class CustomField(msgspec.Struct, frozen=True, kw_only=True):
    """Values stand under ``key``; ``options`` are those of a select."""

    id: Key
    key: Key
    label: Short
    type: FieldType
    required: bool = False
    options: Annotated[Sequence[Short], msgspec.Meta(max_length=200)] | None = None
    order: Order = 0


class CustomFields(msgspec.Struct, frozen=True, kw_only=True):
    fields: Annotated[Sequence[CustomField], msgspec.Meta(max_length=200)]


async def get_custom_fields(connection: Connection, company_id: UUID, record_type: RecordType) -> CustomFields:
    found = await fetch(connection, CustomFields, _GET[record_type], {"company_id": company_id})
    return found or CustomFields(fields=())


async def set_custom_fields(
    connection: Connection, company_id: UUID, record_type: RecordType, wanted: CustomFields
) -> CustomFields:
    """Replaces all of them; values under a key that is gone stay. Raises ``Malformed`` for an id or key twice."""
    for name in ("id", "key"):
        values = [getattr(field, name) for field in wanted.fields]
        if len(values) != len(set(values)):
            raise Malformed.field("fields", f"must not have the same {name} twice")
    in_order = sorted(wanted.fields, key=lambda field: field.order)
    params = {"company_id": company_id, "fields": Jsonb(msgspec.to_builtins(in_order))}
    await execute(connection, _SET[record_type], params)
    return await get_custom_fields(connection, company_id, record_type)


_COLUMNS: dict[RecordType, str] = {"deal": "deal_fields", "company": "company_fields"}

_GET = {
    record_type: f"""
        SELECT json_build_object('fields', {column})::text FROM crm_settings
        WHERE company_id = %(company_id)s AND {column} IS NOT NULL
    """
    for record_type, column in _COLUMNS.items()
}

_SET = {
    record_type: f"""
        INSERT INTO crm_settings (company_id, {column}) VALUES (%(company_id)s, %(fields)s)
        ON CONFLICT (company_id) DO UPDATE SET {column} = excluded.{column}
    """
    for record_type, column in _COLUMNS.items()
}
