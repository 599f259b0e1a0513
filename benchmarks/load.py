"""A load generator that costs little: raw sockets, requests built beforehand, one connection per client."""

import asyncio
import time
from collections.abc import Callable, Sequence

import msgspec


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """``milliseconds`` are of each request that answered with the expected status, sorted."""

    per_second: float
    milliseconds: Sequence[float]
    unexpected: dict[int, int]

    def percentile(self, share: float) -> float:
        return self.milliseconds[min(len(self.milliseconds) - 1, int(len(self.milliseconds) * share))]


def post(path: str, token: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(path: str, token: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


async def run_load(
    port: int, clients: int, seconds: float, request: Callable[[int, int], bytes], expected: int = 200
) -> Load:
    """``request(client, n)`` is the client's n-th request."""
    until = time.perf_counter() + seconds
    runs = await asyncio.gather(*(_client(port, client, until, request) for client in range(clients)))
    answers = [answer for run in runs for answer in run]
    taken = sorted(ms for status, ms in answers if status == expected)
    unexpected: dict[int, int] = {}
    for status, _ in answers:
        if status != expected:
            unexpected[status] = unexpected.get(status, 0) + 1
    return Load(per_second=len(taken) / seconds, milliseconds=taken or [0.0], unexpected=unexpected)


async def _client(
    port: int, client: int, until: float, request: Callable[[int, int], bytes]
) -> list[tuple[int, float]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers: list[tuple[int, float]] = []
    while (began := time.perf_counter()) < until:
        writer.write(request(client, len(answers)))
        status = await _answer(reader)
        answers.append((status, (time.perf_counter() - began) * 1000))
    writer.close()
    return answers


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head[9:12])
