"""One at a time per company, where what a transaction writes depends on how many others there are."""

from uuid import UUID

from slotkeeper.db.pool import Connection, execute


async def lock_company(connection: Connection, company_id: UUID) -> None:
    """Until the transaction ends: statements after this one see what the transactions before have written."""
    await execute(connection, _LOCK, {"company_id": company_id})


_LOCK = "SELECT FROM companies WHERE id = %(company_id)s FOR NO KEY UPDATE"
