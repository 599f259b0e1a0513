"""``python -m tests.check_migrations``: what must hold of the migrations; prints what does not, and exits 1."""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from slotkeeper.db.embedded import embedded_postgres
from slotkeeper.db.migrate import MIGRATIONS, migrate

_NAME = re.compile(r"\d{4}\.[a-z][a-z_]*\.(sql|py)")
_DROP = re.compile(r"^\s*(DROP TABLE|TRUNCATE|ALTER TABLE .* DROP COLUMN)", re.IGNORECASE)
_NOT_OURS = re.compile(r"^(_?yoyo|procrastinate)")
_WITHOUT_COMPANY = {"companies": {"id"}}
_GLOBALLY_UNIQUE = {"personal_tokens_token_hash_key", "platform_keys_id_key", "users_by_oidc_subject"}
"""Look-ups that cannot know the company yet: a credential names no company."""


def problems_of_files(directory: Path) -> Iterator[str]:
    files = sorted(path for path in directory.iterdir() if path.is_file())
    for number, path in enumerate(files, start=1):
        if not _NAME.fullmatch(path.name) or int(path.name[:4]) != number:
            yield f"{path.name}: expected {number:04}.words.sql"
        yield from _drops_without_a_reason(path)


def _drops_without_a_reason(path: Path) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for before, line in zip(["", *lines], lines, strict=False):
        if _DROP.match(line) and not before.strip().startswith("--"):
            yield f"{path.name}: {line.strip()!r} loses data: say in a comment above why nobody needs it"


def problems_of_schema(connection: psycopg.Connection) -> Iterator[str]:
    for table, index, columns in connection.execute(_UNIQUE_KEYS):
        if _NOT_OURS.match(table) or index in _GLOBALLY_UNIQUE:
            continue
        if "company_id" not in columns and set(columns) != _WITHOUT_COMPANY.get(table):
            yield f"{table}: the key {index} leaves company_id out"
    for table, has_company in connection.execute(_TABLES):
        if not _NOT_OURS.match(table) and table not in _WITHOUT_COMPANY and not has_company:
            yield f"{table}: no company_id"


def problems() -> Iterator[str]:
    yield from problems_of_files(MIGRATIONS)
    with tempfile.TemporaryDirectory() as directory, embedded_postgres(Path(directory)) as url:
        if not migrate(url):
            yield "nothing was applied to an empty database"
        if again := migrate(url):
            yield f"applied a second time: {', '.join(again)}"
        with psycopg.connect(url) as connection:
            yield from problems_of_schema(connection)


_UNIQUE_KEYS = """
    SELECT t.relname, i.relname, array_agg(a.attname::text)
    FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_class t ON t.oid = x.indrelid AND t.relnamespace = 'public'::regnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (x.indkey)
    WHERE x.indisunique
    GROUP BY t.relname, i.relname
"""

_TABLES = """
    SELECT t.relname, EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'company_id' AND a.attnotnull
    )
    FROM pg_class t WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace
"""


def main() -> int:
    found = list(problems())
    for problem in found:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"migrations: {len(found)} problems\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
