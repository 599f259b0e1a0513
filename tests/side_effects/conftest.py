from ipaddress import ip_network

import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection
from slotkeeper.settings import Settings
from tests.conftest import TEST_SECRET_KEY
from tests.support.mail_server import MailServer, mail_server
from tests.support.office import Office
from tests.support.webhook_receiver import WebhookReceiver, webhook_receiver

__all__ = ["mail_server", "webhook_receiver"]


@pytest.fixture
async def office(
    database_url: str,
    pool: "AsyncConnectionPool[Connection]",
    company: Bootstrapped,
    mail_server: MailServer,
    webhook_receiver: WebhookReceiver,
) -> Office:
    """Jobs and reminders that other tests left in this database are not this test's."""
    async with pool.connection() as connection:
        await connection.execute("TRUNCATE procrastinate_jobs, reminders CASCADE")
    settings = Settings(
        database_url=database_url,
        secret_key=TEST_SECRET_KEY,
        smtp_url=mail_server.url,
        public_url="https://termine.example.com",
        webhook_allow_networks=(ip_network("127.0.0.0/8"),),
    )
    return Office(pool, company, settings, mail_server, webhook_receiver)
