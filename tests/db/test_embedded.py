import json
import subprocess
import sys
import tempfile
from pathlib import Path

from slotkeeper.db.embedded import embedded_postgres


def test_the_last_to_let_go_stops_the_server_though_another_was_killed() -> None:
    with tempfile.TemporaryDirectory() as directory:
        postgres = Path(directory).resolve() / "postgres"
        handles = postgres / ".handle_pids.json"
        with embedded_postgres(Path(directory)):
            assert (postgres / "postmaster.pid").exists()
            killed = subprocess.Popen([sys.executable, "-c", ""])
            killed.wait()
            handles.write_text(json.dumps([*json.loads(handles.read_text()), killed.pid]))
        assert not (postgres / "postmaster.pid").exists()
        assert list(postgres.glob(".handle_pids*")) == [handles]
