"""Effects drained per second by one worker, mails and webhooks really sent, beside the queue running empty jobs."""

import asyncio
import tempfile
import time
from collections.abc import Coroutine
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from procrastinate import App, PsycopgConnector
from psycopg import AsyncConnection
from rich.console import Console
from rich.table import Table

from benchmarks.world import SECRET_KEY, World, build_world
from slotkeeper.db.embedded import embedded_postgres
from slotkeeper.db.migrate import migrate
from slotkeeper.db.pool import Connection
from slotkeeper.demo.mail_sink import mail_sink
from slotkeeper.demo.webhook_receiver import webhook_receiver
from slotkeeper.jobs.queue import QUEUE
from slotkeeper.secrets import Vault
from slotkeeper.settings import Settings
from slotkeeper.webhooks.endpoints import create_endpoint
from slotkeeper.webhooks.subscription import NewEndpoint
from slotkeeper.worker import run_worker

LOOPBACK = (ip_network("127.0.0.0/8"),)
_EMPTY_JOBS = 1000
_DEFER_EMPTY = """
    SELECT procrastinate_defer_jobs_v1(array_agg(
        ROW('effects', 'nothing', 0, 'empty/' || n, NULL, '{}', NULL)::procrastinate_job_to_defer_v1
    )) FROM generate_series(1, %s) n
"""
_WAITING = (
    "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name <> 'pull_busy_times'"
)


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        with embedded_postgres(Path(directory) / "data") as server:
            url = psycopg.conninfo.make_conninfo(server, dbname="drain")
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute("CREATE DATABASE drain")
            migrate(url)
            Console().print(asyncio.run(_table(url)))


async def _table(url: str) -> Table:
    effects, seconds = await _drain_effects(url)
    floor = await _drain_empty(url)
    table = Table(title="Effects drained per second, one worker, concurrency 10")
    for heading in ("effects", "per second", "empty jobs per second", "ratio"):
        table.add_column(heading, justify="right")
    rate = effects / seconds
    table.add_row(str(effects), f"{rate:.0f}", f"{floor:.0f}", f"{rate / floor:.2f}")
    return table


async def _drain_effects(url: str) -> tuple[int, float]:
    """The world's bookings, each with two mails, two CRM records and a webhook."""
    async with mail_sink() as (_, smtp_url):
        with webhook_receiver() as (_, receiver_url):
            world = await build_world(url)
            await _subscribe(url, world, receiver_url)
            settings = Settings(
                database_url=url, secret_key=SECRET_KEY, smtp_url=smtp_url, webhook_allow_networks=LOOPBACK
            )
            seconds = await _until_drained(url, run_worker(settings))
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM effects WHERE state = 'done'").fetchone()
    return (int(row[0]) if row else 0), seconds


async def _subscribe(url: str, world: World, receiver_url: str) -> None:
    connection: Connection = await AsyncConnection.connect(url, autocommit=True)
    async with connection:
        new = NewEndpoint(endpoint=receiver_url, event_types=("booking_created",), description=str(uuid4()))
        await create_endpoint(connection, Vault(SECRET_KEY), world.company.company_id, new, allow_networks=LOOPBACK)


async def _drain_empty(url: str) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE procrastinate_jobs CASCADE")
        connection.execute(_DEFER_EMPTY, (_EMPTY_JOBS,))
    return _EMPTY_JOBS / await _until_drained(url, _empty_worker(url))


async def _empty_worker(url: str) -> None:
    floor = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4))
    floor.task(name="nothing", queue=QUEUE)(_nothing)
    async with floor.open_async():
        await floor.run_worker_async(queues=[QUEUE], concurrency=10, install_signal_handlers=False)


async def _nothing() -> None:
    """The floor: a job that does nothing."""


async def _until_drained(url: str, worker: Coroutine[Any, Any, None]) -> float:
    began = time.perf_counter()
    running = asyncio.create_task(worker)
    while await asyncio.to_thread(_waiting, url):
        await asyncio.sleep(0.05)
    seconds = time.perf_counter() - began
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    return seconds


def _waiting(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(_WAITING).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
