"""One client per move, all at once, spread over the servers in turn."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime

import httpx
import msgspec


class Move(msgspec.Struct, frozen=True):
    """``last_seen``: sent with ``If-Match``, naming the version before the race."""

    appointment_id: str
    start: datetime
    last_seen: bool = False


class Answer(msgspec.Struct, frozen=True):
    """``label`` is the status, and of an error its ``errorCode``; ``seconds`` from the start of the race."""

    move: Move
    label: str
    seconds: float


async def race(urls: Sequence[str], token: str, moves: Sequence[Move]) -> list[Answer]:
    limits = httpx.Limits(max_connections=None)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(headers=headers, timeout=30, limits=limits, trust_env=False) as client:
        seen = {id_: await _etag(client, urls[0], id_) for id_ in {m.appointment_id for m in moves if m.last_seen}}
        began = time.monotonic()
        return await asyncio.gather(
            *(_move(client, urls[n % len(urls)], move, seen, began) for n, move in enumerate(moves))
        )


async def _etag(client: httpx.AsyncClient, url: str, appointment_id: str) -> str:
    answer = await client.get(f"{url}/v4/appointment/{appointment_id}")
    return str(answer.headers["etag"])


async def _move(client: httpx.AsyncClient, url: str, move: Move, seen: dict[str, str], began: float) -> Answer:
    headers = {"If-Match": seen[move.appointment_id]} if move.last_seen else {}
    address = f"{url}/v4/appointment/{move.appointment_id}/reschedule"
    answer = await client.post(address, json={"start": move.start.isoformat()}, headers=headers)
    label = str(answer.status_code) if answer.is_success else f"{answer.status_code} {answer.json()['errorCode']}"
    return Answer(move, label, time.monotonic() - began)
