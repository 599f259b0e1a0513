"""Encrypt everything at rest with the first of the secret keys, so that the others are needless.

Safe beside running servers and to be broken off: a value is replaced only as it was read, and one that has the first
key already is left alone. Servers must know the new key before (docs/operating.md).
"""

from collections.abc import Callable

import msgspec
from cryptography.fernet import InvalidToken

from slotkeeper.db.pool import Connection
from slotkeeper.db.sealed_columns import Key, Sealed, SealedColumn, batch_after, count, replace
from slotkeeper.secrets import Vault


class Rotated(msgspec.Struct, frozen=True, kw_only=True):
    """Of one column: how many values there are, got the first key now, and open with none of the keys."""

    column: str
    total: int
    rotated: int
    unreadable: int


async def rotate(
    connection: Connection, vault: Vault, column: SealedColumn, tell: Callable[[int, int], None]
) -> Rotated:
    """``tell`` hears after each batch how many values are looked at, and of how many."""
    total, looked_at, rotated, unreadable = await count(connection, column), 0, 0, 0
    after: Key | None = None
    while batch := await batch_after(connection, column, after):
        resealed = {sealed.key: _resealed(vault, sealed) for sealed in batch}
        old = [sealed for sealed in batch if resealed[sealed.key] not in (None, sealed.value)]
        replaced = await replace(connection, column, old, [resealed[sealed.key] or b"" for sealed in old])
        rotated += replaced
        if replaced < len(old):
            continue  # somebody changed one in between: the same again, as they are now
        looked_at += len(batch)
        unreadable += list(resealed.values()).count(None)
        after = batch[-1].key
        tell(looked_at, max(total, looked_at))
    return Rotated(column=column.name, total=looked_at, rotated=rotated, unreadable=unreadable)


def _resealed(vault: Vault, sealed: Sealed) -> bytes | None:
    try:
        return vault.resealed(sealed.value)
    except InvalidToken:
        return None
