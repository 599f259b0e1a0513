"""Rounds of races against real servers over one database, and what came of them."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.progress import Progress

from tests.race.clients import Answer, race
from tests.race.verdict import faults
from tests.race.waves import waves
from tests.race.world import KEY, World, build_world
from tests.support.server_process import ServerProcess


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """``answers`` and ``slowest`` (seconds) by the name of the wave."""

    processes: int
    rounds: int
    answers: dict[str, Counter[str]]
    slowest: dict[str, float]
    faults: list[str]


async def compete(database_url: str, rounds: int, processes: int, console: Console | None = None) -> Outcome:
    world = await build_world(database_url)
    environ = {"DATABASE_URL": database_url, "SLOTKEEPER_SECRET_KEY": KEY}
    servers = [ServerProcess(environ) for _ in range(processes)]
    try:
        await asyncio.gather(*(server.ready() for server in servers))
        answers, wrong = await _rounds(world, [server.url for server in servers], rounds, console)
    finally:
        for server in servers:
            server.kill()
    won = [answer.move for wave in answers.values() for answer in wave if answer.label == "200"]
    booked = len(world.half_hours) + len(world.hours) + 1
    return Outcome(
        processes=processes,
        rounds=rounds,
        answers={name: Counter(answer.label for answer in wave) for name, wave in answers.items()},
        slowest={name: max(answer.seconds for answer in wave) for name, wave in answers.items()},
        faults=[*wrong, *faults(database_url, str(world.company.company_id), booked, won)],
    )


async def _rounds(
    world: World, urls: Sequence[str], rounds: int, console: Console | None
) -> tuple[dict[str, list[Answer]], list[str]]:
    answers: dict[str, list[Answer]] = {}
    wrong: list[str] = []
    with Progress(console=console, disable=console is None) as progress:
        for number in progress.track(range(rounds), description=f"racing, {len(urls)} process(es)"):
            for wave in waves(world, number):
                came = await race(urls, world.company.token, wave.moves)
                answers.setdefault(wave.name, []).extend(came)
                wrong += [f"round {number + 1}, {wave.name}: {fault}" for fault in wave.faults(came)]
    return answers, wrong
