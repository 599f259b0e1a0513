"""``python -m tests.crash --kills 200``: see harness.py."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

import psycopg
from rich.console import Console

from slotkeeper.db.embedded import embedded_postgres
from slotkeeper.db.migrate import migrate
from tests.crash.harness import survive


def main() -> int:
    parser = argparse.ArgumentParser(description="kill -9 the server and the worker under load, then count")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        with embedded_postgres(Path(directory) / "data") as server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute("CREATE DATABASE crash")
            url = psycopg.conninfo.make_conninfo(server, dbname="crash")
            migrate(url)
            outcome = asyncio.run(survive(url, asked.kills, asked.seed, Console()))
    Console().print(outcome.report())
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
