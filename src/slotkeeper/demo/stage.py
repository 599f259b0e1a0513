"""The demo's own world: a database, a server and a worker in processes of their own, a mail server, a receiver."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx

from slotkeeper import serving
from slotkeeper.data_dir import opened
from slotkeeper.demo.evidence import Delivery
from slotkeeper.demo.mail_sink import Mailbox, mail_sink
from slotkeeper.demo.webhook_receiver import webhook_receiver
from slotkeeper.processes import end_child, start_child, unwind_on_signals
from slotkeeper.settings import Settings

_PORT = 8000
_START = 30.0  # seconds
_PATIENCE = 10.0
_LOOK_EVERY = 0.02


class StoryStopped(Exception):
    """The demo cannot go on; says what happened, in one line and then what the processes wrote."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    settings: Settings
    url: str
    mailbox: Mailbox
    deliveries: list[Delivery]
    receiver_url: str


@asynccontextmanager
async def stage(data_dir: Path, *, any_port: bool) -> AsyncIterator[Stage]:
    """Everything runs and answers; on leaving: the server, the worker, then the database end, and nothing stays.

    The caller's own ``DATABASE_URL`` and ``SLOTKEEPER_*`` are left out: the demo writes to its directory only.
    """
    with (
        opened(data_dir, environ={}) as (settings, _),
        webhook_receiver() as (deliveries, receiver_url),
        _listen(0 if any_port else _PORT) as listening,
    ):
        url = serving.url_of(listening)
        async with mail_sink() as (mailbox, smtp_url):
            environ = _environ(settings, public_url=url, smtp_url=smtp_url)
            async with (
                _running("worker", data_dir, environ, serving.work) as worker,
                _running("server", data_dir, environ, serving.serve, listening) as server,
            ):
                await _until_ready(url, [server, worker], data_dir)
                yield Stage(
                    settings=settings, url=url, mailbox=mailbox, deliveries=deliveries, receiver_url=receiver_url
                )


def _listen(port: int) -> socket.socket:
    try:
        return serving.listen("127.0.0.1", port)
    except OSError:
        return serving.listen("127.0.0.1", 0)


def _environ(settings: Settings, *, public_url: str, smtp_url: str) -> Mapping[str, str]:
    return {
        "DATABASE_URL": settings.database_url,
        "SLOTKEEPER_SECRET_KEY": settings.secret_key,
        "SLOTKEEPER_PUBLIC_URL": public_url,
        "SLOTKEEPER_SMTP_URL": smtp_url,
        "SLOTKEEPER_WEBHOOK_ALLOW_NETWORKS": "127.0.0.0/8",
    }


@asynccontextmanager
async def _running(
    name: str, data_dir: Path, environ: Mapping[str, str], run: Callable[..., None], *args: object
) -> AsyncIterator[BaseProcess]:
    child = start_child(name, _run, data_dir / f"{name}.log", environ, run, *args)
    try:
        yield child
    finally:
        await asyncio.to_thread(end_child, child, _PATIENCE)  # meanwhile the mail server says goodbye


def _run(log: Path, environ: Mapping[str, str], run: Callable[..., None], *args: object) -> None:
    for name in [name for name in os.environ if name.startswith("SLOTKEEPER_")]:
        del os.environ[name]
    os.environ.update(environ)
    with log.open("w") as written:
        os.dup2(written.fileno(), sys.stdout.fileno())
        os.dup2(written.fileno(), sys.stderr.fileno())
    unwind_on_signals()
    run(*args)


async def _until_ready(url: str, processes: list[BaseProcess], data_dir: Path) -> None:
    give_up_at = asyncio.get_running_loop().time() + _START
    async with httpx.AsyncClient(trust_env=False) as client:
        while not await _is_ready(client, url):
            if asyncio.get_running_loop().time() > give_up_at:
                raise StoryStopped(f"the server is not ready after {_START:.0f} seconds")
            for process in processes:
                if not process.is_alive():
                    raise StoryStopped(f"the {process.name} ended:\n{_tail(data_dir / f'{process.name}.log')}")
            await asyncio.sleep(_LOOK_EVERY)


async def _is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/readyz", timeout=1)).is_success
    except httpx.TransportError:
        return False


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8").splitlines()[-15:])
