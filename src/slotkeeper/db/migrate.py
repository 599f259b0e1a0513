"""Applies the plain SQL files in ``migrations/``, forward only, with yoyo (docs/decisions/0009)."""

from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from yoyo import get_backend, read_migrations

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x510_74EE9  # any constant: two processes that start together migrate one after the other


def migrate(database_url: str) -> list[str]:
    """Bring the database up to date; returns the names of the migrations applied now."""
    with psycopg.connect(database_url, autocommit=True) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        backend = get_backend(_yoyo_url(database_url))
        try:
            pending = backend.to_apply(read_migrations(str(MIGRATIONS)))
            backend.apply_migrations(pending)
        finally:
            backend.connection.close()
        return [migration.id for migration in pending]


def _yoyo_url(database_url: str) -> str:
    """yoyo reads only URLs, and takes connection options (a socket's directory among them) from the query."""
    options = {name: str(value) for name, value in conninfo_to_dict(database_url).items() if value is not None}
    database = quote(options.pop("dbname", "postgres"))
    return f"postgresql+psycopg:///{database}?{urlencode(options)}"
