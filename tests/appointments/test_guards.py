"""Two guards keep a host from being taken twice; each is shown alone. Invariants 12, 13 and 18.

The version of the hosts' calendars (``HOSTS_UNCHANGED``) refuses what was decided on an older picture, whatever rule it
is about; the constraint ``no_host_twice`` refuses an overlap, whoever writes it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.errors import ExclusionViolation

from slotkeeper.api.preconditions import check_if_match, etag_of
from slotkeeper.errors import NotFree, PreconditionFailed
from tests.support.desk import MONDAY, Desk, minutes

DAY = MONDAY + timedelta(days=2)
BUFFERED = {"meeting_info": {"name": "Buffered", "duration": 30, "bufferBefore": 30, "bufferAfter": 30}}
ONCE_A_DAY = {"booking_limits": {"day": 1}}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        pytest.param(BUFFERED, "slot-occupied", id="buffers"),
        pytest.param(ONCE_A_DAY, "limit-reached", id="a limit"),
    ],
)
@pytest.mark.parametrize("others", [(), ("another host",)], ids=["one host", "a host of several"])
async def test_of_two_moves_that_both_read_before_either_wrote_the_rules_let_one_through(
    desk: Desk, rule: dict[str, Any], code: str, others: tuple[str, ...]
) -> None:
    host = desk.company.user_id
    with_others = (*[await desk.add_host() for _ in others], host)
    await desk.set_type(**rule)
    first = await desk.book(MONDAY, host_ids=(host,))
    second = await desk.book(MONDAY + timedelta(days=1), host_ids=with_others)

    answers = await _read_then_write(desk, desk.move(first.id, DAY), desk.move(second.id, DAY + minutes(30)))
    assert [answer.code for answer in answers if isinstance(answer, NotFree)] == [code]
    assert len([answer for answer in answers if not isinstance(answer, BaseException)]) == 1


async def test_of_a_booking_and_a_move_that_both_read_before_either_wrote_the_rules_let_one_through(desk: Desk) -> None:
    booked = await desk.book()
    await desk.set_type(**ONCE_A_DAY)
    answers = await _read_then_write(desk, desk.move(booked.id, DAY), desk.book(DAY + minutes(60)))
    assert [answer.code for answer in answers if isinstance(answer, NotFree)] == ["limit-reached"]
    assert len([answer for answer in answers if not isinstance(answer, BaseException)]) == 1


async def test_a_version_that_a_move_names_is_looked_at_again_when_it_is_written(desk: Desk) -> None:
    """A change that no host's calendar knows of comes between reading and writing."""
    booked = await desk.book()
    careful: dict[str, Any] = {"precondition": lambda now: check_if_match(etag_of(booked.version), etag_of(now))}
    async with _calendars_locked(desk) as release:
        moving = asyncio.create_task(desk.move(booked.id, DAY, **careful))
        await _until_waiting(desk, 1)
        await desk.execute("UPDATE appointments SET version = version + 1 WHERE id = %(id)s", id=booked.id)
        await release()
        with pytest.raises(PreconditionFailed):
            await moving


async def test_a_time_taken_without_a_new_version_is_refused_by_the_constraint_and_ends_in_409(desk: Desk) -> None:
    booked = await desk.book()
    async with _calendars_locked(desk) as release:
        moving = asyncio.create_task(desk.move(booked.id, DAY))
        await _until_waiting(desk, 1)
        await _block(desk, source="hold")
        await release()
        with pytest.raises(NotFree) as refusal:
            await moving
    assert refusal.value.code == "slot-occupied"


@pytest.mark.parametrize(
    ("offset", "source", "refused"),
    [
        pytest.param(0, "appointment", True, id="an appointment at the same time"),
        pytest.param(15, "appointment", True, id="an appointment that overlaps"),
        pytest.param(15, "hold", True, id="a hold that overlaps"),
        pytest.param(30, "appointment", False, id="one that touches"),
    ],
)
@pytest.mark.parametrize("status", ["confirmed", "tentative"])
async def test_the_database_takes_no_second_row_over_a_hosts_time_unconfirmed_ones_and_holds_included(
    desk: Desk, status: str, offset: int, source: str, refused: bool
) -> None:
    booked = await desk.book(DAY)
    await desk.execute("UPDATE appointments SET status = %(s)s WHERE id = %(id)s", s=status, id=booked.id)
    if refused:
        with pytest.raises(ExclusionViolation, match="no_host_twice"):
            await _block(desk, source=source, offset=offset)
    else:
        await _block(desk, source=source, offset=offset)


async def test_the_database_takes_no_row_that_is_moved_over_a_hosts_time(desk: Desk) -> None:
    await desk.book(DAY)
    booked = await desk.book()
    with pytest.raises(ExclusionViolation, match="no_host_twice"):
        await desk.execute(_MOVE, at=DAY + minutes(29), id=booked.id)


async def test_the_database_lets_an_overriding_row_in_and_another_hosts(desk: Desk) -> None:
    await desk.book(DAY)
    await _block(desk, source="appointment", exclusive=False)
    await _block(desk, source="appointment", host=await desk.add_host())
    taken = await desk.rows("SELECT exclusive FROM blocked_times WHERE company_id = %(company_id)s ORDER BY 1")
    assert taken == [(False,), (True,), (True,)]


async def _read_then_write(desk: Desk, *changes: Awaitable[object]) -> list[object]:
    """Both decide on the same picture, then write one after the other."""
    async with _calendars_locked(desk) as release:
        running = asyncio.gather(*changes, return_exceptions=True)
        await _until_waiting(desk, len(changes))
        await release()
        return await running


@asynccontextmanager
async def _calendars_locked(desk: Desk) -> AsyncIterator[Any]:
    """Whoever writes waits for ``release``; reading goes on."""
    async with desk.pool.connection() as connection:
        await connection.execute("BEGIN")
        await connection.execute(
            "SELECT 1 FROM host_calendars WHERE company_id = %s FOR UPDATE", (desk.company.company_id,)
        )
        try:
            yield connection.rollback
        finally:
            await connection.rollback()


async def _until_waiting(desk: Desk, count: int) -> None:
    for _ in range(1000):
        if len(await desk.rows(_WAITING)) >= count:
            return
        await asyncio.sleep(0.01)
    raise TimeoutError(f"fewer than {count} operations wait to write")


async def _block(desk: Desk, *, source: str, offset: int = 0, exclusive: bool = True, host: UUID | None = None) -> None:
    await desk.execute(
        _BLOCK,
        host=host or desk.company.user_id,
        source=source,
        id=uuid4(),
        type=desk.company.meeting_type_id,
        start=DAY + minutes(offset),
        end=DAY + minutes(offset + 30),
        exclusive=exclusive,
    )


_WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

_BLOCK = """
    INSERT INTO blocked_times (
        company_id, host_id, source, source_id, meeting_type_id, start_at, end_at, exclusive, expires_at
    )
    VALUES (%(company_id)s, %(host)s, %(source)s, %(id)s, %(type)s, %(start)s, %(end)s, %(exclusive)s, '2100-01-01')
"""

_MOVE = "UPDATE blocked_times SET start_at = %(at)s, end_at = %(at)s + interval '1 minute' WHERE source_id = %(id)s"
