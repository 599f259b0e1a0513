"""A migrated database on an embedded PostgreSQL of its own, for a program that runs without pytest."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from slotkeeper.db.embedded import embedded_postgres
from slotkeeper.db.migrate import migrate


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """Its URL; everything is gone afterwards."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        with embedded_postgres(Path(directory) / "data") as server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
            url = psycopg.conninfo.make_conninfo(server, dbname=name)
            migrate(url)
            yield url
