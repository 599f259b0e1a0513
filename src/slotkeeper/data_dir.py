"""A data directory: the embedded PostgreSQL and the secret key of an installation that is given neither."""

import asyncio
import os
import secrets
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from slotkeeper.db.embedded import embedded_postgres
from slotkeeper.db.migrate import migrate
from slotkeeper.db.pool import Connection, open_pool
from slotkeeper.settings import Settings, load_settings

DEFAULT = Path(".data")
T = TypeVar("T")


@contextmanager
def opened(data_dir: Path, environ: Mapping[str, str] = os.environ) -> Iterator[tuple[Settings, list[str]]]:
    """Settings whose database is up and up to date, and the migrations that were applied now.

    ``DATABASE_URL`` goes before the embedded server. Raises ``ValueError`` naming what is missing or wrong.
    """
    with _settings(data_dir, environ) as settings:
        yield settings, migrate(settings.database_url)


def ask(data_dir: Path, question: Callable[[Settings, Connection], Awaitable[T]]) -> T:
    """Open the directory's database, ask once, and close it again."""

    async def run(settings: Settings) -> T:
        async with open_pool(settings.database_url, 1) as pool, pool.connection() as connection:
            return await question(settings, connection)

    with opened(data_dir) as (settings, _):
        return asyncio.run(run(settings))


@contextmanager
def _settings(data_dir: Path, environ: Mapping[str, str]) -> Iterator[Settings]:
    if environ.get("DATABASE_URL"):
        if not environ.get("SLOTKEEPER_SECRET_KEY"):
            raise ValueError("SLOTKEEPER_SECRET_KEY is missing: it must be set where DATABASE_URL is set")
        yield load_settings(environ)
        return
    with embedded_postgres(data_dir) as database_url:
        key = environ.get("SLOTKEEPER_SECRET_KEY") or secret_key(data_dir)
        yield load_settings(environ, database_url=database_url, secret_key=key)


def secret_key(data_dir: Path) -> str:
    """The key in ``data_dir/secret_key``, made at first use; readable by its owner only (mode 0600)."""
    path = data_dir / "secret_key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=data_dir) as fresh:
            fresh.write(secrets.token_urlsafe(32))
            fresh.flush()
            _link_unless_there(Path(fresh.name), path)
    return path.read_text(encoding="utf-8").strip()


def _link_unless_there(fresh: Path, path: Path) -> None:
    """A link appears whole or not at all: of two processes that start together, both read the same key."""
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
