"""Reschedules per second over HTTP beside pgbench sending the same statements to the same PostgreSQL, in one run."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import msgspec
import psutil
import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.floor import as_pgbench, reset, run_pgbench
from benchmarks.load import Load, post, run_load
from benchmarks.world import SECRET_KEY, World, build_world
from slotkeeper.accounts.authenticate import BY_TOKEN_SQL
from slotkeeper.appointments.moving import READ_SQL
from slotkeeper.appointments.reschedule import WRITE_SQL
from slotkeeper.db.embedded import embedded_postgres
from slotkeeper.db.migrate import migrate
from slotkeeper.secrets import hash_token

SECONDS = 4
ROUNDS = 3
CONCURRENCY = (1, 8, 32)


def main() -> None:
    with tempfile.TemporaryDirectory() as directory, embedded_postgres(Path(directory) / "data") as server:
        Path(directory).chmod(0o755)
        url = psycopg.conninfo.make_conninfo(server, dbname="bench")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        migrate(url)
        world = asyncio.run(build_world(url))
        script = Path(directory) / "reschedule.sql"
        script.write_text(pgbench_script(world))
        Console().print(_table(url, world, script))


def pgbench_script(world: World) -> str:
    """Look up the token, read, write: client n moves appointment n, and counts its version in ``v``."""
    hosts, appointments = (_pick(ids) for ids in (world.hosts, world.appointments))
    start = f"to_timestamp({int(world.starts[0].timestamp())} + 1800 * (:v % 8))"
    values = {
        "token_hash": f"'\\x{hash_token(world.company.token).hex()}'::bytea",
        "company_id": f"'{world.company.company_id}'::uuid",
        "id": appointments,
        "start": start,
        "end": f"{start} + interval '30 minutes'",
        "previous_start": start,
        "previous_end": start,
        "reach": "interval '0'",
        **dict.fromkeys(("now", "at"), "now()"),
        "host_ids": f"ARRAY[{hosts}]",
        "calendar_versions": "ARRAY[:v]::bigint[]",
        "version": ":v",
        "sequence": ":v",
        "ics": "repeat('x', 1500)",
        "exclusive": "true",
        "reminder_ids": "ARRAY[gen_random_uuid(), gen_random_uuid()]",
        "reminder_minutes": "ARRAY[1440, 60]",
        "reminder_due": f"ARRAY[{start}, {start}]",
        "kind": "'rescheduled'",
        "actor": "jsonb_build_object('kind', 'admin', 'name', 'Bench', 'id', repeat('x', 36))",
        "through": "'api'",
        "reason": "NULL::text",
        "hold_id": "NULL::uuid",
        "ignored": "'{}'::uuid[]",
        "attendee_id": "NULL::uuid",
        "guest": "NULL::text",
        "previous_host_ids": "NULL::uuid[]",
        "proposal_id": "NULL::uuid",
        "proposed_starts": "NULL::timestamptz[]",
        "overridden": "'{}'::text[]",
        "notify": "'all'",
        "change_lock": f"'change/' || {appointments}::text",
        "job": "jsonb_build_object('company_id', repeat('x', 36), 'appointment_id', repeat('x', 36), 'sequence', 1)",
    }
    statements = [as_pgbench(sql, values) for sql in (BY_TOKEN_SQL, READ_SQL, WRITE_SQL)]
    return "".join(statements) + "\\set v :v + 1\n"


def _pick(ids: Sequence[UUID]) -> str:
    quoted = ", ".join(f"'{entry}'" for entry in ids)
    return f"(ARRAY[{quoted}]::uuid[])[1 + :client_id]"


class Round(msgspec.Struct, frozen=True, kw_only=True):
    floor: float
    load: Load
    statements: float

    @property
    def ratio(self) -> float:
        return self.load.per_second / self.floor


def _table(url: str, world: World, script: Path) -> Table:
    title = f"Reschedules per second, one server process, beside pgbench with the same statements; median of {ROUNDS}"
    table = Table(title=title)
    for heading in ("clients", "slotkeeper", "pgbench", "ratio", "all", "p50 ms", "p99 ms", "statements", "memory MB"):
        table.add_column(heading, justify="right")
    with server_process(url) as (port, process):
        for clients in CONCURRENCY:
            rounds = sorted((_round(url, world, script, port, clients) for _ in range(ROUNDS)), key=lambda r: r.ratio)
            table.add_row(str(clients), *_cells(rounds), f"{psutil.Process(process).memory_info().rss / 1e6:.0f}")
    return table


def _round(url: str, world: World, script: Path, port: int, clients: int) -> Round:
    """The floor, then the server, each on fresh tables and warmed up."""
    reset(url, world)
    run_pgbench(url, script, clients, 1)
    reset(url, world)
    floor = run_pgbench(url, script, clients, SECONDS)
    reset(url, world)
    asyncio.run(_load(port, world, clients, 1))
    before = _calls(url)
    load = asyncio.run(_load(port, world, clients, SECONDS))
    if load.unexpected:
        raise SystemExit(f"unexpected answers: {load.unexpected}")
    return Round(floor=floor, load=load, statements=(_calls(url) - before) / max(1, len(load.milliseconds)))


def _cells(rounds: Sequence[Round]) -> list[str]:
    """Of the round with the median ratio, beside the ratios of all."""
    median = rounds[len(rounds) // 2]
    return [
        f"{median.load.per_second:.0f}",
        f"{median.floor:.0f}",
        f"{median.ratio:.2f}",
        " ".join(f"{each.ratio:.2f}" for each in rounds),
        f"{median.load.percentile(0.5):.1f}",
        f"{median.load.percentile(0.99):.1f}",
        f"{median.statements:.1f}",
    ]


def _calls(url: str) -> int:
    """Transactions so far: each statement of ours is one."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_clear_snapshot()")
        time.sleep(1.2)  # a backend reports its counters at most once a second
        row = connection.execute("SELECT xact_commit FROM pg_stat_database WHERE datname = 'bench'").fetchone()
    return int(row[0]) if row else 0


async def _load(port: int, world: World, clients: int, seconds: float) -> Load:
    token = world.company.token

    def request(client: int, n: int) -> bytes:
        start = world.starts[(n + 1) % len(world.starts)].isoformat()
        body = f'{{"start": "{start}", "ignoreAvailability": false}}'.encode()
        return post(f"/v4/appointment/{world.appointments[client]}/reschedule", token, body)

    return await run_load(port, clients, seconds, request)


@contextmanager
def server_process(url: str, processes: int = 1, application: str = "slotkeeper.main:app") -> Iterator[tuple[int, int]]:
    """A real server on a free port; yields its port and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", application, "--factory", "--port", str(port)]
    command += ["--log-level", "warning", "--no-access-log", "--workers", str(processes)]
    environment = {**os.environ, "DATABASE_URL": url, "SLOTKEEPER_SECRET_KEY": SECRET_KEY}
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_until_ready(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_until_ready(port: int) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not come up")


if __name__ == "__main__":
    main()
