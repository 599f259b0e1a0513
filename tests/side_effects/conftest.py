from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection
from slotkeeper.integrations import registry
from slotkeeper.integrations.calendars.caldav.settings import VARIABLE
from slotkeeper.settings import Settings
from tests.conftest import TEST_SECRET_KEY
from tests.support.caldav_server import CalDavServer, caldav_server
from tests.support.mail_server import MailServer, mail_server
from tests.support.office import Office
from tests.support.outside_calendar import OutsideCalendar
from tests.support.webhook_receiver import WebhookReceiver, webhook_receiver

__all__ = ["caldav_server", "mail_server", "webhook_receiver"]


@pytest.fixture
async def office(
    database_url: str,
    pool: "AsyncConnectionPool[Connection]",
    company: Bootstrapped,
    mail_server: MailServer,
    webhook_receiver: WebhookReceiver,
    public_url: str,
) -> Office:
    """Jobs, reminders and requests that other tests left in this database are not this test's."""
    async with pool.connection() as connection:
        await connection.execute("TRUNCATE procrastinate_jobs, reminders, provisional_bookings CASCADE")
    settings = Settings(
        database_url=database_url,
        secret_key=TEST_SECRET_KEY,
        smtp_url=mail_server.url,
        public_url=public_url,
        webhook_allow_networks=(ip_network("127.0.0.0/8"),),
    )
    return Office(pool, company, settings, mail_server, webhook_receiver)


@pytest.fixture
def caldav_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The adapter reads its environment when it is made, which is once."""
    monkeypatch.setenv(VARIABLE, "127.0.0.0/8")
    registry.adapter.cache_clear()
    yield
    registry.adapter.cache_clear()


@pytest.fixture
async def outside(office: Office, caldav_server: CalDavServer, caldav_on_this_machine: None) -> OutsideCalendar:
    """The host's calendar "work", connected."""
    calendar = OutsideCalendar(office, caldav_server)
    await calendar.connect("work")
    return calendar
