"""Ids in a body: each has to name something of the same company that is still there."""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from msgspec import UnsetType

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import FieldError, Malformed

Kind = Literal["contact", "company", "deal", "user"]
Reference = tuple[str, Kind, UUID | UnsetType | None]
"""The field, what it must name, and the id; none of it where nothing is given."""


async def require_known(connection: Connection, company_id: UUID, references: Iterable[Reference]) -> None:
    """Raises ``Malformed`` naming every field that names nothing, another company's things included."""
    asked = [(field, kind, value) for field, kind, value in references if isinstance(value, UUID)]
    if not asked:
        return
    fields, kinds, ids = zip(*asked, strict=True)
    params = {"company_id": company_id, "fields": list(fields), "kinds": list(kinds), "ids": list(ids)}
    unknown = set(await fetch(connection, list[str], _UNKNOWN, params) or ())
    if unknown:
        raise Malformed(
            [FieldError(field, f"must name a {kind} of this company") for field, kind, _ in asked if field in unknown]
        )


_UNKNOWN = """
    SELECT coalesce(json_agg(g.field), '[]')::text
    FROM unnest(%(fields)s::text[], %(kinds)s::text[], %(ids)s::uuid[]) AS g (field, kind, id)
    WHERE NOT CASE g.kind
        WHEN 'contact' THEN EXISTS (
            SELECT FROM crm_contacts x WHERE x.company_id = %(company_id)s AND x.id = g.id AND x.deleted_at IS NULL
        )
        WHEN 'company' THEN EXISTS (
            SELECT FROM crm_companies x WHERE x.company_id = %(company_id)s AND x.id = g.id AND x.deleted_at IS NULL
        )
        WHEN 'deal' THEN EXISTS (
            SELECT FROM crm_deals x WHERE x.company_id = %(company_id)s AND x.id = g.id AND x.deleted_at IS NULL
        )
        ELSE EXISTS (
            SELECT FROM users x WHERE x.company_id = %(company_id)s AND x.id = g.id AND x.deleted_at IS NULL
        )
    END
"""
