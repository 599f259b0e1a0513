"""Free slots over HTTP, beside an empty route of the same server with an answer of the same size, and a bare sweep.

The floor of a request is both together: what the server cannot do without, and what the data cannot do without. The
empty route comes without credentials (strict) and behind the same guard, which looks its token up in the database.
"""

import asyncio
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from statistics import median
from time import process_time

import msgspec
import psutil
import psycopg
from litestar import Litestar, Response, Router
from litestar import get as route
from litestar.di import NamedDependency
from litestar.params import FromQuery
from rich.console import Console
from rich.table import Table

from benchmarks.load import get, run_load
from benchmarks.reschedule import server_process
from benchmarks.slot_world import Case, SlotWorld, build_slot_world
from slotkeeper.api.auth import require_scope
from slotkeeper.db.embedded import embedded_postgres
from slotkeeper.db.migrate import migrate
from slotkeeper.main import ROUTES, create_app
from slotkeeper.records.caller import Caller
from slotkeeper.settings import load_settings

ROUNDS = 3
SECONDS = 1.0


@lru_cache
def _constant(size: int) -> bytes:
    return b"x" * size


@route("/open")
async def open_null(size: FromQuery[int]) -> Response[bytes]:
    return Response(_constant(size), media_type="application/json")


@route("/guarded", guards=[require_scope("scheduling", or_owner=True)])
async def guarded_null(size: FromQuery[int], caller: NamedDependency[Caller]) -> Response[bytes]:  # noqa: ARG001 - guarded
    return Response(_constant(size), media_type="application/json")


def app() -> Litestar:
    null = Router("/bench", route_handlers=[open_null, guarded_null])
    return create_app(load_settings(), routes=(*ROUTES, null))


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds: medians; ``cpu`` is the server process's own, without PostgreSQL's."""

    request: float
    cpu: float
    null: float
    guarded: float
    sweep: float

    @property
    def strict(self) -> float:
        return self.request / (self.null + self.sweep)

    @property
    def fair(self) -> float:
        return self.request / (self.guarded + self.sweep)


def main() -> None:
    with tempfile.TemporaryDirectory() as directory, embedded_postgres(Path(directory) / "data") as server:
        Path(directory).chmod(0o755)
        url = psycopg.conninfo.make_conninfo(server, dbname="slots")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE slots")
        migrate(url)
        world = asyncio.run(build_slot_world(url))
        with server_process(url, application="benchmarks.free_slots:app") as (port, process):
            Console(width=150).print(_table(world, port, psutil.Process(process)))


def _table(world: SlotWorld, port: int, process: psutil.Process) -> Table:
    table = Table(title=f"Free slots, 15-minute grid, milliseconds, median of {ROUNDS} interleaved rounds")
    headings = ("case", "slots", "KB", "request", "server CPU", "null", "null + guard", "sweep", "strict", "with guard")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "case" else "right")
    answers = {case.name: asyncio.run(_answer(port, case, world.token)) for case in world.cases}
    rounds = [
        {case.name: _measure(world, case, len(answers[case.name]), port, process) for case in world.cases}
        for _ in range(ROUNDS)
    ]
    for case in world.cases:
        answer = answers[case.name]
        measured = sorted((each[case.name] for each in rounds), key=lambda m: m.strict)[ROUNDS // 2]
        times = (measured.request, measured.cpu, measured.null, measured.guarded, measured.sweep)
        table.add_row(
            case.name,
            str(answer.count(b'"startTime"')),
            f"{len(answer) / 1024:.0f}",
            *(f"{ms:.2f}" for ms in times),
            f"{measured.strict:.2f}",
            f"{measured.fair:.2f}",
        )
    return table


def _measure(world: SlotWorld, case: Case, size: int, port: int, process: psutil.Process) -> Measured:
    null, _ = _load(port, f"/bench/open?size={size}", world.token, process)
    guarded, _ = _load(port, f"/bench/guarded?size={size}", world.token, process)
    sweep = _milliseconds(case.sweep)
    request, cpu = _load(port, case.path, world.token, process)
    return Measured(request=request, cpu=cpu, null=null, guarded=guarded, sweep=sweep)


def _load(port: int, path: str, token: str, process: psutil.Process) -> tuple[float, float]:
    """One client after the other: the median of its waits, and the server's time per request."""
    asked = get(path, token)
    asyncio.run(run_load(port, 1, SECONDS / 4, lambda _, __: asked))
    before = _spent(process)
    load = asyncio.run(run_load(port, 1, SECONDS, lambda _, __: asked))
    if load.unexpected:
        raise SystemExit(f"unexpected answers: {load.unexpected}")
    return load.percentile(0.5), (_spent(process) - before) / len(load.milliseconds) * 1000


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _milliseconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(21):
        began = process_time()
        work()
        times.append(process_time() - began)
    return median(times) * 1000


async def _answer(port: int, case: Case, token: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(get(case.path, token))
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise SystemExit(f"{case.name}: {head.decode()}")
    body = await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
    writer.close()
    return body


if __name__ == "__main__":
    main()
