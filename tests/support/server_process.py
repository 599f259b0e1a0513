"""A real server (uvicorn) in a process of its own, on 127.0.0.1 at a free port, and any other ``python -m``."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence

import httpx


class PythonProcess:
    """``python -m module``, with ``environ`` on top of this process's own."""

    def __init__(self, module: Sequence[str], environ: Mapping[str, str]) -> None:
        self._module = module
        self._environ = {**os.environ, **environ}
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", *self._module]
        self._process = subprocess.Popen(command, env=self._environ, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """SIGKILL, whatever it is doing."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


class ServerProcess(PythonProcess):
    """``url`` stays the same when it is killed and started again."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        port = str(_free_port())
        self.url = f"http://127.0.0.1:{port}"
        super().__init__(
            ["uvicorn", "slotkeeper.main:app", "--factory", "--port", port, "--log-level", "error"], environ
        )

    async def ready(self) -> None:
        """Raises ``TimeoutError`` after about half a minute."""
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(600):
                if await _answers(client, self.url):
                    return
                await asyncio.sleep(0.05)
        raise TimeoutError("the server did not come up")


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/readyz", timeout=1)).is_success
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
