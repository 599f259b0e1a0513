"""A company's link key, from which the secrets in mailed links derive."""

from uuid import UUID

from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault


async def link_key_of(connection: Connection, vault: Vault, company_id: UUID) -> bytes:
    cursor = await connection.execute("SELECT link_key FROM companies WHERE id = %s", (company_id,))
    row = await cursor.fetchone()
    if row is None:
        raise LookupError(f"company {company_id} not found")
    return vault.open(bytes(row[0]))
