"""Clients that move their appointments without pause, and repeat what got no answer under the same Idempotency-Key."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import msgspec

_RETRY = frozenset({500, 502, 503, 504})


class Move(msgspec.Struct, frozen=True):
    """A move that the server said yes to."""

    appointment_id: str
    start: datetime


class Clients:
    def __init__(self, url: str, token: str, appointments: Sequence[str], monday: datetime) -> None:
        self._url, self._token = url, token
        self._appointments = appointments
        self._starts = [monday + timedelta(minutes=30 * n) for n in range(8)]
        self.acknowledged: list[Move] = []
        self.unexpected: list[str] = []
        self.stopping = False

    async def run(self) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        async with httpx.AsyncClient(base_url=self._url, headers=headers, timeout=5, trust_env=False) as client:
            await asyncio.gather(*(self._keep_moving(client, appointment) for appointment in self._appointments))

    async def _keep_moving(self, client: httpx.AsyncClient, appointment: str) -> None:
        turn = 0
        while not self.stopping:
            turn += 1
            await self._move(client, Move(appointment, self._starts[turn % len(self._starts)]))
            await asyncio.sleep(0.05)

    async def _move(self, client: httpx.AsyncClient, move: Move) -> None:
        key = str(uuid4())
        while True:
            status = await self._try(client, move, key)
            if status == 200:
                self.acknowledged.append(move)
                return
            if status is not None and status not in _RETRY and status != 409:
                self.unexpected.append(f"{status} for {move}")
                return
            await asyncio.sleep(0.1)

    async def _try(self, client: httpx.AsyncClient, move: Move, key: str) -> int | None:
        """None where the connection broke: the move may have been committed or not."""
        try:
            answer = await client.post(
                f"/v4/appointment/{move.appointment_id}/reschedule",
                json={"start": move.start.isoformat()},
                headers={"Idempotency-Key": key},
            )
        except httpx.TransportError:
            return None
        return answer.status_code
