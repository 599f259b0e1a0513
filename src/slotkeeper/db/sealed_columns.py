"""Where encrypted values are kept. What ``Vault.seal`` fills has its line here, so that keys can be rotated.

A test walks the schema and the calls of ``seal``; whatever is missing here fails it.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, execute

BATCH = 200

Key = tuple[UUID, ...]


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    key: Key
    value: bytes


class SealedColumn(msgspec.Struct, frozen=True, kw_only=True):
    """``value`` reads it as bytea; ``assignment`` sets it to ``n.value``. Keys are UUIDs."""

    name: str
    table: str
    value: str
    assignment: str
    key: tuple[str, ...] = ("company_id", "id")


def _bytea(table: str, column: str, key: tuple[str, ...] = ("company_id", "id")) -> SealedColumn:
    name = f"{table}.{column}"
    return SealedColumn(name=name, table=table, value=f"t.{column}", assignment=f"{column} = n.value", key=key)


SEALED = (
    _bytea("companies", "link_key", key=("id",)),
    _bytea("connections", "credentials"),
    _bytea("webhook_endpoints", "secret"),
    SealedColumn(
        name="effects.detail.body",
        table="effects",
        value="convert_to(t.detail ->> 'body', 'UTF8')",
        assignment="detail = jsonb_set(t.detail, '{body}', to_jsonb(convert_from(n.value, 'UTF8')))",
    ),
)


async def count(connection: Connection, column: SealedColumn) -> int:
    sql = f"SELECT count(*) FROM {column.table} t WHERE {column.value} IS NOT NULL"
    [total] = await (await execute(connection, sql, {})).fetchone() or (0,)
    return int(total)


async def batch_after(connection: Connection, column: SealedColumn, key: Key | None) -> list[Sealed]:
    """The next ones in the order of their keys; from the first on without ``key``."""
    names = ", ".join(f"t.{name}" for name in column.key)
    after = ", ".join(f"%({name})s" for name in column.key)
    sql = f"""
        SELECT {column.value}, {names} FROM {column.table} t
        WHERE {column.value} IS NOT NULL AND ({names}) > ({after}) ORDER BY {names} LIMIT {BATCH}
    """
    params = dict(zip(column.key, key or (_BEFORE_ALL,) * len(column.key), strict=True))
    rows = await (await execute(connection, sql, params)).fetchall()
    return [Sealed(value=bytes(value), key=tuple(found)) for value, *found in rows]


async def replace(connection: Connection, column: SealedColumn, old: Sequence[Sealed], new: Sequence[bytes]) -> int:
    """How many were still as ``old`` says, and have their ``new`` value now. One short statement."""
    same = " AND ".join(f"t.{name} = n.{name}" for name in column.key)
    keys = {name: [sealed.key[at] for sealed in old] for at, name in enumerate(column.key)}
    arrays = ", ".join(f"%({name})s::uuid[]" for name in column.key)
    sql = f"""
        UPDATE {column.table} t SET {column.assignment}
        FROM unnest(%(old)s::bytea[], %(new)s::bytea[], {arrays}) n (old, value, {", ".join(column.key)})
        WHERE {same} AND {column.value} = n.old
    """
    values = {"old": [sealed.value for sealed in old], "new": list(new)}
    return (await execute(connection, sql, {**keys, **values})).rowcount


_BEFORE_ALL = UUID(int=0)
