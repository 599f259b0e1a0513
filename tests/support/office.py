"""A front desk with everything behind it: a worker on the real queue, a mail server and a webhook receiver."""

from datetime import timedelta
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection
from slotkeeper.emails.smtp import SmtpSender
from slotkeeper.jobs.queue import QUEUE, opened_queue
from slotkeeper.records.effect import Effect
from slotkeeper.secrets import Vault
from slotkeeper.settings import Settings
from slotkeeper.side_effects.ledger_of_appointment import ledger_of
from slotkeeper.side_effects.outward import Outward
from slotkeeper.side_effects.send_due_reminders import send_due_reminders
from slotkeeper.side_effects.tasks import OUTWARD
from slotkeeper.webhooks.endpoints import CreatedEndpoint, create_endpoint
from slotkeeper.webhooks.subscription import NewEndpoint
from tests.support.desk import Desk
from tests.support.mail_server import MailServer
from tests.support.webhook_receiver import WebhookReceiver


class Office(Desk):
    def __init__(
        self,
        pool: "AsyncConnectionPool[Connection]",
        company: Bootstrapped,
        settings: Settings,
        mail: MailServer,
        receiver: WebhookReceiver,
    ) -> None:
        super().__init__(pool, company)
        self.settings = settings
        self.mail = mail
        self.receiver = receiver
        self.outward = Outward(
            settings=settings,
            vault=Vault(settings.secret_key),
            pool=pool,
            smtp=SmtpSender(settings),
            clock=lambda: self.now,
        )

    async def work(self) -> None:
        """Run every job that is due, and those that they cause, until none is left."""
        for _ in range(_ROUNDS):
            if not await self.rows(_DUE):
                return
            await self._work_once()
        raise AssertionError("a job that is due never runs: another one of its lock is in its way")

    async def _work_once(self) -> None:
        """The worker stops when nothing is waiting, though what still runs may cause more."""
        async with opened_queue(self.pool) as queue:
            await queue.run_worker_async(
                queues=[QUEUE],
                wait=False,
                listen_notify=False,
                concurrency=4,
                install_signal_handlers=False,
                additional_context={OUTWARD: self.outward},
            )

    async def wait_and_work(self, wait: timedelta) -> None:
        """As if ``wait`` had passed: whatever was put off until then is due."""
        self.now += wait
        await self.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE scheduled_at <= %(now)s", now=self.now
        )
        await self.work()

    async def remind(self) -> int:
        return await send_due_reminders(self.outward)

    async def add_endpoint(self, *event_types: str) -> CreatedEndpoint:
        new = NewEndpoint(endpoint=self.receiver.url, event_types=event_types or ("booking_rescheduled",))
        async with self.pool.connection() as connection:
            return await create_endpoint(
                connection,
                self.outward.vault,
                self.company.company_id,
                new,
                allow_networks=self.settings.webhook_allow_networks,
            )

    async def effects(self, appointment_id: UUID, kind: str | None = None) -> list[Effect]:
        async with self.pool.connection() as connection:
            ledger = await ledger_of(connection, self.company.company_id, appointment_id)
        return [effect for effect in ledger.effects if kind in (None, effect.kind)]


_ROUNDS = 50
_DUE = "SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now() LIMIT 1"
