import asyncio

import pytest

from slotkeeper.outbound import kept
from slotkeeper.outbound.kept import Kept


class Closed(asyncio.Queue[str]):
    """Whom ``put`` was called for."""

    def so_far(self) -> list[str]:
        return [self.get_nowait() for _ in range(self.qsize())]


async def test_the_connection_that_was_used_last_is_given_first() -> None:
    async with Kept[str](Closed().put) as connections:
        for name in ("first", "last"):
            await connections.give_back("host", name)
        assert [connections.take("host") for _ in range(3)] == ["last", "first", None]


async def test_a_connection_is_given_to_its_own_place_only() -> None:
    async with Kept[str](Closed().put) as connections:
        await connections.give_back("host", "a")
        assert connections.take("other host") is None


async def test_those_that_nobody_takes_are_closed_the_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "IDLE", 0.0)
    closed = Closed()
    async with Kept[str](closed.put) as connections:
        for name in ("first", "last"):
            await connections.give_back("host", name)
        assert [await asyncio.wait_for(closed.get(), 10) for _ in range(2)] == ["first", "last"]
        assert connections.take("host") is None


async def test_the_time_of_one_that_was_taken_ends_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "IDLE", 0.0)
    closed = Closed()
    async with Kept[str](closed.put) as connections:
        await connections.give_back("host", "a")
        assert connections.take("host") == "a"
        monkeypatch.setattr(kept, "IDLE", 3600.0)
        await connections.give_back("host", "b")
        for _ in range(10):
            await asyncio.sleep(0)
        assert closed.so_far() == []


async def test_leaving_closes_all() -> None:
    closed = Closed()
    async with Kept[str](closed.put) as connections:
        await connections.give_back("host", "a")
        await connections.give_back("other host", "b")
    assert sorted(closed.so_far()) == ["a", "b"]


async def test_nothing_is_kept_where_it_was_not_opened() -> None:
    closed = Closed()
    connections = Kept[str](closed.put)
    await connections.give_back("host", "a")
    assert closed.so_far() == ["a"]
    assert connections.take("host") is None
