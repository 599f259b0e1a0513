"""A connected account needs its person: noted, and told to who asked for it, the first time."""

from datetime import datetime

from slotkeeper.db.pool import Connection
from slotkeeper.integrations.connections import mark_broken
from slotkeeper.records.connection import Connection as Account
from slotkeeper.side_effects.announce import announce
from slotkeeper.webhooks.announcement_shapes import WebhookCredentialError


async def report_broken(connection: Connection, account: Account, now: datetime) -> None:
    async with connection.transaction():
        if await mark_broken(connection, account.company_id, account.id):
            told = WebhookCredentialError(
                id=account.id,
                provider=account.provider,
                user_id=account.user_id,
                company_id=account.company_id,
                occurred_at=now,
            )
            await announce(connection, account.company_id, told)
