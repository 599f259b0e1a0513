"""Kill a real server and a real worker at random instants under load, let everything settle, and count."""

import asyncio
import random
from collections import Counter

import msgspec
from rich.console import Console
from rich.progress import Progress

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.secrets import Vault
from slotkeeper.settings import parse_networks
from slotkeeper.webhooks.endpoints import create_endpoint
from slotkeeper.webhooks.subscription import NewEndpoint
from tests.crash.load import Clients
from tests.crash.processes import Processes
from tests.crash.verdict import faults, unsettled
from tests.support.desk import a_monday, new_company
from tests.support.mail_server import MailServer
from tests.support.webhook_receiver import WebhookReceiver

_KEY = "crash"
_ZONE = "Europe/London"
_LOOPBACK = "127.0.0.0/8"
_APPOINTMENTS = 6
_PATIENCE = 300.0  # seconds for everything to settle after the last kill


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    kills: dict[str, int]
    moves: int
    mails: int
    webhooks: int
    again: int
    faults: list[str]

    def report(self) -> str:
        kills = ", ".join(f"{name} {count}" for name, count in self.kills.items())
        verdict = "nothing lost, nothing invented" if not self.faults else "\n".join(self.faults[:20])
        return (
            f"killed: {kills}; moves acknowledged: {self.moves}; mails: {self.mails}; webhooks: {self.webhooks}; "
            f"arrived more than once under the same id: {self.again}\n{verdict}"
        )


async def survive(database_url: str, kills: int, seed: int, console: Console | None = None) -> Outcome:
    mail, receiver = MailServer(), WebhookReceiver()
    mail.start()
    company, appointments = await _world(database_url, receiver.url)
    environ = {
        "DATABASE_URL": database_url,
        "SLOTKEEPER_SECRET_KEY": _KEY,
        "SLOTKEEPER_SMTP_URL": mail.url,
        "SLOTKEEPER_WEBHOOK_ALLOW_NETWORKS": _LOOPBACK,
    }
    processes = Processes(environ)
    try:
        clients = Clients(processes.url, company.token, appointments, a_monday(4))
        await _under_fire(processes, clients, kills, random.Random(seed), console)
        await _settle(database_url, str(company.company_id))
    finally:
        processes.stop()
        mail.stop()
        receiver.close()
    mailed = [str(r.message["Message-ID"]).strip("<>").partition("@")[0] for r in mail.received]
    hooked = [received.headers["webhook-id"] for received in receiver.received]
    found = faults(database_url, str(company.company_id), clients.acknowledged, mailed, hooked)
    return Outcome(
        kills=processes.kills,
        moves=len(clients.acknowledged),
        mails=len(set(mailed)),
        webhooks=len(set(hooked)),
        again=sum(count - 1 for count in Counter([*mailed, *hooked]).values()),
        faults=[*found, *_changed_bytes(receiver), *clients.unexpected],
    )


def _changed_bytes(receiver: WebhookReceiver) -> list[str]:
    bodies: dict[str, set[bytes]] = {}
    for received in receiver.received:
        bodies.setdefault(received.headers["webhook-id"], set()).add(received.body)
    return [f"webhook {name} came with {len(seen)} different bodies" for name, seen in bodies.items() if len(seen) > 1]


async def _under_fire(
    processes: Processes, clients: Clients, kills: int, chance: random.Random, console: Console | None
) -> None:
    await processes.ready()
    load = asyncio.create_task(clients.run())
    with Progress(console=console, disable=console is None) as progress:
        for _ in progress.track(range(kills), description="killing"):
            await asyncio.sleep(chance.uniform(0.05, 1.5))
            processes.kill(chance)
    await processes.ready()
    clients.stopping = True
    await load


async def _settle(database_url: str, company_id: str) -> None:
    until = asyncio.get_running_loop().time() + _PATIENCE
    while await asyncio.to_thread(unsettled, database_url, company_id):
        if asyncio.get_running_loop().time() > until:
            return
        await asyncio.sleep(0.5)


async def _world(database_url: str, receiver_url: str) -> tuple[Bootstrapped, list[str]]:
    async with new_company(database_url, _KEY, _ZONE) as desk:
        new = NewEndpoint(endpoint=receiver_url, event_types=("booking_created", "booking_rescheduled"))
        async with desk.pool.connection() as connection:
            company, networks = desk.company, parse_networks(_LOOPBACK)
            await create_endpoint(connection, Vault(_KEY), company.company_id, new, allow_networks=networks)
        hosts = [await desk.add_host(_ZONE) for _ in range(_APPOINTMENTS)]
        booked = [await desk.book(a_monday(4), host_ids=(host,)) for host in hosts]
        return company, [str(appointment.id) for appointment in booked]
