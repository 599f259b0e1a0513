"""The command line as people run it: processes of their own, each test in a data directory of its own."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest

WITHIN = 60  # seconds; eight processes may share two cores


@dataclass
class Shell:
    """Runs ``slotkeeper`` with a data directory, and knows every process that belongs to it."""

    data_dir: Path
    started: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def run(self, *args: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(args), env=self._env(environ), capture_output=True, text=True, timeout=WITHIN, check=False
        )

    def start(self, *args: str, **environ: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            self._command(args), env=self._env(environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.started.append(process)
        return process

    def _command(self, args: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "slotkeeper", *args, "--data-dir", str(self.data_dir)]

    def _env(self, environ: dict[str, str]) -> dict[str, str]:
        ours = {k: v for k, v in os.environ.items() if k != "DATABASE_URL" and not k.startswith("SLOTKEEPER_")}
        return ours | environ

    def processes(self) -> list[psutil.Process]:
        """Those that name the data directory, and their children."""
        found = [p for p in psutil.process_iter(["cmdline"]) if str(self.data_dir) in " ".join(p.info["cmdline"] or ())]
        return [process for one in found for process in (one, *_children(one))]

    def end(self) -> None:
        """Whatever a test that failed left behind."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for started in self.started:
            with started:
                started.kill()


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        children: list[psutil.Process] = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return children


@pytest.fixture
def shell() -> Iterator[Shell]:
    with tempfile.TemporaryDirectory(prefix="sk", ignore_cleanup_errors=True) as directory:
        shell = Shell(Path(directory) / "d")
        yield shell
        shell.end()


def line_of(process: "subprocess.Popen[str]") -> str:
    """The next line that it prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def served_url(process: "subprocess.Popen[str]") -> str:
    """The address that ``serve`` prints, once it answers there."""
    url = line_of(process).removeprefix("slotkeeper serves ")
    with httpx.Client(transport=httpx.HTTPTransport(retries=20), trust_env=False) as client:
        assert client.get(f"{url}/healthz", timeout=WITHIN).status_code == 200
    return url


def is_open(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", httpx.URL(url).port or 80)) == 0
