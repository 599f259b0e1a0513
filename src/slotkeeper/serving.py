"""Runs the API, in one process or in several that share one socket, and a worker beside it."""

import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from slotkeeper.processes import end_with_parent, kept_running, start_child
from slotkeeper.settings import Settings

_DRAIN = 20  # seconds that requests under way get to finish
_FINISH = 40.0  # seconds that a worker gets for the jobs under way


def share_settings(settings: Settings, public_url: str | None = None) -> None:
    """Child processes read the environment; ``public_url`` is where people reach us if nobody said otherwise."""
    os.environ["DATABASE_URL"] = settings.database_url
    os.environ["SLOTKEEPER_SECRET_KEY"] = settings.secret_key
    if public_url:
        os.environ.setdefault("SLOTKEEPER_PUBLIC_URL", public_url)


def listen(host: str, port: int) -> socket.socket:
    """Port 0 takes a free one. Raises ``OSError`` where the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=2048)
    listening.set_inheritable(True)
    return listening


def url_of(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(listening: socket.socket, processes: int = 1) -> None:
    """Until SIGTERM or SIGINT; requests under way are answered first."""
    config = uvicorn.Config(
        f"{__name__}:api",
        factory=True,
        workers=processes,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=_DRAIN,
    )
    if processes > 1:
        Multiprocess(config, sockets=[listening]).run()
    else:
        uvicorn.Server(config).run(sockets=[listening])


def api() -> Any:
    """The app. Several processes: each ends with the one that started it."""
    end_with_parent()
    return by_name("slotkeeper.main:app")()


def work() -> None:
    """Run the jobs until SIGTERM or SIGINT; those under way are finished first."""
    by_name("slotkeeper.worker:work")()


def worker_beside() -> AbstractContextManager[None]:
    """A worker in a process of its own, started again should it die."""
    return kept_running(lambda: start_child("worker", work), patience=_FINISH)


def by_name(target: str) -> Callable[..., Any]:
    """Entry points do not import each other; this one starts them."""
    module, _, name = target.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
