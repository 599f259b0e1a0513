"""A real server and a real worker that are killed and started again."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping

import httpx


class Processes:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = {**os.environ, **environ, "SLOTKEEPER_WORKER_HEARTBEAT": "0.5"}
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._running = {name: self._start(name) for name in ("server", "worker")}
        self.kills: dict[str, int] = {"server": 0, "worker": 0}

    def _start(self, name: str) -> "subprocess.Popen[bytes]":
        server = ["uvicorn", "slotkeeper.main:app", "--factory", "--port", str(self.port), "--log-level", "error"]
        module = server if name == "server" else ["slotkeeper.worker"]
        return subprocess.Popen([sys.executable, "-m", *module], env=self._environ, stderr=subprocess.DEVNULL)

    def kill(self, chance: random.Random) -> str:
        """SIGKILL one of the two, whatever it is doing, and start another in its place."""
        name = chance.choice(["server", "worker"])
        self._running[name].send_signal(signal.SIGKILL)
        self._running[name].wait()
        self.kills[name] += 1
        self._running[name] = self._start(name)
        return name

    async def ready(self) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(600):
                if await _answers(client, self.url):
                    return
                await asyncio.sleep(0.05)
        raise TimeoutError("the server did not come up")

    def stop(self) -> None:
        for process in self._running.values():
            process.send_signal(signal.SIGKILL)
            process.wait()


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
