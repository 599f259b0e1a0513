"""Effects drained per second by one worker, mails and webhooks really sent, beside the queue running empty jobs."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import psutil
import psycopg
from psycopg import AsyncConnection
from rich.console import Console
from rich.table import Table

from benchmarks import empty_jobs
from benchmarks.counters import database_seconds, process_seconds, transactions
from benchmarks.outside import outside
from benchmarks.world import SECRET_KEY, World, build_world
from slotkeeper.db.embedded import embedded_postgres
from slotkeeper.db.migrate import migrate
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault
from slotkeeper.settings import parse_networks
from slotkeeper.webhooks.endpoints import create_endpoint
from slotkeeper.webhooks.subscription import NewEndpoint

ROUNDS = 3
_LOOPBACK = "127.0.0.0/8"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """``done`` are effects, or empty jobs; costs are milliseconds of processor time for each."""

    done: int
    seconds: float
    statements: float
    worker_ms: float
    database_ms: float

    @property
    def per_second(self) -> float:
        return self.done / self.seconds


class Round(msgspec.Struct, frozen=True, kw_only=True):
    effects: Run
    floor: Run

    @property
    def ratio(self) -> float:
        return self.effects.per_second / self.floor.per_second


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        with embedded_postgres(Path(directory) / "data") as server, outside() as (smtp_url, webhook_url):
            url = psycopg.conninfo.make_conninfo(server, dbname="drain")
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute("CREATE DATABASE drain")
            migrate(url)
            asyncio.run(_prepare(url, webhook_url))
            rounds = sorted((_round(url, smtp_url) for _ in range(ROUNDS)), key=lambda each: each.ratio)
            Console().print(_table(rounds))


def _table(rounds: Sequence[Round]) -> Table:
    """Of the round with the median ratio, beside the ratios of all."""
    table = Table(title=f"Effects drained per second, one worker, beside empty jobs; median of {ROUNDS}")
    for heading in ("", "n", "per second", "ratio", "all", "statements", "worker ms", "PostgreSQL ms"):
        table.add_column(heading, justify="right")
    median = rounds[len(rounds) // 2]
    ratios = (f"{median.ratio:.2f}", " ".join(f"{each.ratio:.2f}" for each in rounds))
    for name, run, compared in (("effects", median.effects, ratios), ("empty jobs", median.floor, ("", ""))):
        costs = (f"{run.statements:.1f}", f"{run.worker_ms:.2f}", f"{run.database_ms:.2f}")
        table.add_row(name, str(run.done), f"{run.per_second:.0f}", *compared, *costs)
    return table


async def _prepare(url: str, webhook_url: str) -> World:
    world = await build_world(url)
    connection: Connection = await AsyncConnection.connect(url, autocommit=True)
    async with connection:
        new = NewEndpoint(endpoint=webhook_url, event_types=("booking_created",), description=str(uuid4()))
        networks = parse_networks(_LOOPBACK)
        await create_endpoint(connection, Vault(SECRET_KEY), world.company.company_id, new, allow_networks=networks)
    return world


def _round(url: str, smtp_url: str) -> Round:
    """The floor, then the effects, each on fresh tables: as many empty jobs as there are effects and changes."""
    floor = _drain(url, ["benchmarks.empty_jobs", url], {}, _EMPTY_JOBS, _COUNT_EMPTY)
    environ = {
        "DATABASE_URL": url,
        "SLOTKEEPER_SECRET_KEY": SECRET_KEY,
        "SLOTKEEPER_SMTP_URL": smtp_url,
        "SLOTKEEPER_WEBHOOK_ALLOW_NETWORKS": _LOOPBACK,
    }
    effects = _drain(url, ["slotkeeper.worker"], environ, _CHANGES, _COUNT_EFFECTS)
    return Round(effects=effects, floor=floor)


def _drain(url: str, module: Sequence[str], environ: Mapping[str, str], fill: str, count: str) -> Run:
    """The worker is up before the jobs are inserted in one statement; it is measured until none waits."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_FRESH)
        connection.execute("VACUUM ANALYZE")
        with _process(module, environ) as worker:
            _until(connection, _IS_UP)
            statements, spent = transactions(url), (process_seconds(worker), database_seconds(connection))
            began = time.perf_counter()
            connection.execute(fill.encode())
            _until(connection, _DRAINED)
            seconds = time.perf_counter() - began
            spent = process_seconds(worker) - spent[0], database_seconds(connection) - spent[1]
            statements = transactions(url) - statements
        done = _one(connection, count)
    return Run(
        done=done,
        seconds=seconds,
        statements=statements / done,
        worker_ms=spent[0] * 1000 / done,
        database_ms=spent[1] * 1000 / done,
    )


@contextmanager
def _process(module: Sequence[str], environ: Mapping[str, str]) -> Iterator[psutil.Process]:
    with subprocess.Popen([sys.executable, "-m", *module], env={**os.environ, **environ}) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


def _until(connection: psycopg.Connection[Any], question: str) -> None:
    while not _one(connection, question):
        time.sleep(0.05)


def _one(connection: psycopg.Connection[Any], question: str) -> int:
    row = connection.execute(question.encode()).fetchone()
    return int(row[0]) if row else 0


_FRESH = """
    TRUNCATE procrastinate_jobs, procrastinate_workers, effects, external_refs, crm_activities, crm_contacts CASCADE;
    UPDATE changes SET planned_at = NULL
"""

_CHANGES = """
    SELECT procrastinate_defer_jobs_v1(array_agg(ROW(
        'effects', 'after_change', 0, 'change/' || appointment_id, NULL,
        jsonb_build_object('company_id', company_id, 'appointment_id', appointment_id, 'sequence', sequence), NULL
    )::procrastinate_job_to_defer_v1)) FROM changes
"""

_EMPTY_JOBS = f"""
    SELECT procrastinate_defer_jobs_v1(array_agg(
        ROW('effects', '{empty_jobs.TASK}', 0, 'empty/' || n, NULL, '{{}}', NULL)::procrastinate_job_to_defer_v1
    )) FROM generate_series(1, 6 * (SELECT count(*) FROM changes)) n
"""

_IS_UP = "SELECT EXISTS (SELECT FROM procrastinate_workers)"

_DRAINED = """
    SELECT NOT EXISTS (
        SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queueing_lock IS NULL
    )
"""

_COUNT_EFFECTS = "SELECT count(*) FROM effects WHERE state = 'done'"
_COUNT_EMPTY = f"SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded' AND task_name = '{empty_jobs.TASK}'"


if __name__ == "__main__":
    main()
