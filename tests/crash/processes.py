"""A real server and a real worker that are killed and started again."""

import random
from collections.abc import Mapping

from tests.support.server_process import PythonProcess, ServerProcess


class Processes:
    def __init__(self, environ: Mapping[str, str]) -> None:
        environ = {**environ, "SLOTKEEPER_WORKER_HEARTBEAT": "0.5"}
        self._server = ServerProcess(environ)
        self.url = self._server.url
        self._running = {"server": self._server, "worker": PythonProcess(["slotkeeper.worker"], environ)}
        self.kills: dict[str, int] = {"server": 0, "worker": 0}

    def kill(self, chance: random.Random) -> str:
        """Kill one of the two and start another in its place."""
        name = chance.choice(["server", "worker"])
        self._running[name].kill()
        self.kills[name] += 1
        self._running[name].start()
        return name

    async def ready(self) -> None:
        await self._server.ready()

    def stop(self) -> None:
        for process in self._running.values():
            process.kill()
