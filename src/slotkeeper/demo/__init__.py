"""Does the main job in front of the user, and reports what it caused from the outside's own records."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import typer
from rich.console import Console

from slotkeeper.db.pool import open_pool
from slotkeeper.demo import report
from slotkeeper.demo.checks import check_all
from slotkeeper.demo.serve_on import serve_on
from slotkeeper.demo.stage import Stage, StoryStopped, stage
from slotkeeper.demo.story import Told, tell
from slotkeeper.progress import shown_steps


def demo(data_dir: Path, *, once: bool, as_json: bool) -> int:
    """0 if and only if the whole report came true. Without ``once`` it serves on until a signal."""
    try:
        return asyncio.run(_demo(data_dir, once=once, as_json=as_json))
    except (StoryStopped, httpx.HTTPError) as error:
        typer.echo(f"slotkeeper: {error!s}", err=True)
        return 1


async def _demo(data_dir: Path, *, once: bool, as_json: bool) -> int:
    async with AsyncExitStack() as running:
        world, told = await _play(running, data_dir, once=once)
        checks = check_all(told.evidence)
        if as_json:
            typer.echo(report.as_json(told.evidence, checks, told.curl))
        else:
            report.show(told.evidence, checks, Console())
        if not once:
            await serve_on(world, told.curl, Console(stderr=as_json))
        return 0 if all(check.ok for check in checks) else 1


async def _play(running: AsyncExitStack, data_dir: Path, *, once: bool) -> tuple[Stage, Told]:
    with shown_steps() as steps:
        with steps.step("PostgreSQL, server, worker, mail server, receiver"):
            world = await running.enter_async_context(stage(data_dir, any_port=once))
            pool = await running.enter_async_context(open_pool(world.settings.database_url, 1))
            client = await running.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=30))
        async with pool.connection() as connection:
            return world, await tell(world, connection, client, steps)
