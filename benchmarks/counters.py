"""What a run cost: transactions, and seconds of processor time of a process and of PostgreSQL."""

import time
from typing import Any

import psutil
import psycopg


def transactions(url: str) -> int:
    """Of this database so far: each statement of ours is one."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_clear_snapshot()")
        time.sleep(1.2)  # a backend reports its counters at most once a second
        row = connection.execute(
            "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else 0


def process_seconds(process: psutil.Process) -> float:
    """Nothing for one that has ended meanwhile."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def database_seconds(connection: psycopg.Connection[Any]) -> float:
    """Of all of PostgreSQL's processes so far, those that have ended among them."""
    postmaster = psutil.Process(connection.info.backend_pid).parent()
    assert postmaster is not None
    ended = postmaster.cpu_times()
    running = sum(process_seconds(child) for child in postmaster.children())
    return float(ended.children_user + ended.children_system) + running
