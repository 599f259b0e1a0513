"""Free slots over HTTP, beside an empty route of the same server with an answer of the same size, and a bare sweep.

The floor of a request is both together: what the server cannot do without, and what the data cannot do without. The
empty route comes without credentials (strict) and behind the same guard, which looks its token up in the database.
"""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

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


class Cost(msgspec.Struct, frozen=True):
    """Milliseconds: what one client waits for, the median; and the processors' time for it, the database's included."""

    wait: float
    cpu: float


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    request: Cost
    null: Cost
    guarded: Cost
    sweep: Cost

    def times(self, floor: Cost) -> Cost:
        """How many times the floor the request takes."""
        waits = self.request.wait / (floor.wait + self.sweep.wait)
        return Cost(waits, self.request.cpu / (floor.cpu + self.sweep.cpu))


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """``server`` and ``postmaster`` are process ids."""

    world: SlotWorld
    port: int
    server: int
    postmaster: int

    def cpu(self) -> float:
        """Seconds so far."""
        backends = psutil.Process(self.postmaster).children()
        spent = [process.cpu_times() for process in (psutil.Process(self.server), *backends)]
        return float(sum(times.user + times.system for times in spent))


def main() -> None:
    with tempfile.TemporaryDirectory() as directory, embedded_postgres(Path(directory) / "data") as server:
        Path(directory).chmod(0o755)
        url = psycopg.conninfo.make_conninfo(server, dbname="slots")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE slots")
            postmaster = psutil.Process(connection.info.backend_pid).ppid()
        migrate(url)
        world = asyncio.run(build_slot_world(url))
        with server_process(url, application="benchmarks.free_slots:app") as (port, process):
            stage = Stage(world=world, port=port, server=process, postmaster=postmaster)
            rounds = [[_measure(stage, case) for case in world.cases] for _ in range(ROUNDS)]
            sizes = [asyncio.run(_answer(port, case, world.token)) for case in world.cases]
        Console(width=160).print(_table(world, sizes, rounds))


def _table(world: SlotWorld, answers: Sequence[bytes], rounds: Sequence[Sequence[Measured]]) -> Table:
    title = f"Free slots: milliseconds waited / of processor time (server and database); median of {ROUNDS} rounds"
    table = Table(
        title=title, caption="strict: request / (null + sweep); fair: request / (null behind the guard + sweep)"
    )
    table.add_column("case")
    for heading in ("slots", "KB", "request", "null", "null, guarded", "sweep", "strict", "fair", "all strict"):
        table.add_column(heading, justify="right")
    for case, answer, measured in zip(world.cases, answers, zip(*rounds, strict=True), strict=True):
        by_ratio = sorted(measured, key=lambda each: each.times(each.null).cpu)
        middle = by_ratio[ROUNDS // 2]
        costs = (middle.request, middle.null, middle.guarded, middle.sweep)
        ratios = (middle.times(middle.null), middle.times(middle.guarded))
        table.add_row(
            case.name,
            str(answer.count(b'"startTime"')),
            f"{len(answer) / 1024:.0f}",
            *(f"{cost.wait:.2f} / {cost.cpu:.2f}" for cost in costs),
            *(f"{ratio.wait:.1f} / {ratio.cpu:.1f}" for ratio in ratios),
            " ".join(f"{each.times(each.null).cpu:.1f}" for each in by_ratio),
        )
    return table


def _measure(stage: Stage, case: Case) -> Measured:
    size = len(asyncio.run(_answer(stage.port, case, stage.world.token)))
    return Measured(
        null=_load(stage, f"/bench/open?size={size}"),
        guarded=_load(stage, f"/bench/guarded?size={size}"),
        sweep=_sweep(case.sweep),
        request=_load(stage, case.path),
    )


def _load(stage: Stage, path: str) -> Cost:
    """One client, one request after the other."""
    asked = get(path, stage.world.token)
    asyncio.run(run_load(stage.port, 1, SECONDS / 4, lambda _, __: asked))
    before = stage.cpu()
    load = asyncio.run(run_load(stage.port, 1, SECONDS, lambda _, __: asked))
    if load.unexpected:
        raise SystemExit(f"unexpected answers: {load.unexpected}")
    return Cost(load.percentile(0.5), (stage.cpu() - before) / len(load.milliseconds) * 1000)


def _sweep(work: Callable[[], object]) -> Cost:
    waits, times = [], []
    for _ in range(21):
        began, cpu = perf_counter(), process_time()
        work()
        waits.append(perf_counter() - began)
        times.append(process_time() - cpu)
    return Cost(median(waits) * 1000, median(times) * 1000)


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
