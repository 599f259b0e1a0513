"""A booking uses up a one-time link: which, when, and once, however many try at the same time."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from slotkeeper.appointments.recording import HOSTS_UNCHANGED
from slotkeeper.db.pool import execute, fetch
from slotkeeper.errors import Conflict, NotFound, SlotkeeperError
from slotkeeper.meeting_types.links_of_meeting_type import NewLink, create_link, list_links, revoke_link
from slotkeeper.meeting_types.one_time_links import (
    ASKED_LINK_JSON,
    LINK_IS_USED,
    USE_LINK,
    AskedLink,
    link_params,
    require_usable,
)
from tests.support.desk import MONDAY, NOW, Desk, minutes

TYPE = UUID(int=1)
LINK = AskedLink(id=UUID(int=2), meeting_type_id=TYPE, expires_at=None, used_at=None)


class Read(msgspec.Struct):
    link: AskedLink | None


READ = f"SELECT json_build_object('link', {ASKED_LINK_JSON})::text"
BOOK = f"""
    WITH unchanged AS ({HOSTS_UNCHANGED}), link AS ({USE_LINK})
    UPDATE appointments SET note = 'booked' WHERE company_id = %(company_id)s AND id = %(id)s AND {LINK_IS_USED}
"""
"""The write of a booking, as far as the link has to do with it."""


async def new_link(desk: Desk, minutes_left: int | None = None) -> NewLink:
    expires_at = None if minutes_left is None else NOW + minutes(minutes_left)
    async with desk.pool.connection() as connection:
        return await create_link(connection, desk.caller, desk.company.meeting_type_id, expires_at, NOW)


async def asked_link(desk: Desk, asked: str | None) -> AskedLink | None:
    async with desk.pool.connection() as connection:
        read = await fetch(connection, Read, READ, {"company_id": desk.company.company_id, **link_params(asked)})
    assert read is not None
    return read.link


async def use(desk: Desk, link_id: UUID | None, appointment_id: UUID, version: int) -> bool:
    params = {
        "company_id": desk.company.company_id,
        "id": appointment_id,
        "now": NOW,
        "used_link_id": link_id,
        "host_ids": [desk.company.user_id],
        "calendar_versions": [version],
    }
    async with desk.pool.connection() as connection:
        return (await execute(connection, BOOK, params)).rowcount == 1


async def version_of(desk: Desk) -> int:
    [[version]] = await desk.rows("SELECT version FROM host_calendars WHERE company_id = %(company_id)s")
    return int(version)


@pytest.mark.parametrize(
    ("asked", "link", "refusal"),
    [
        pytest.param(None, None, None, id="none asked for"),
        pytest.param("x", LINK, None, id="usable"),
        pytest.param("x", msgspec.structs.replace(LINK, expires_at=NOW + minutes(1)), None, id="not yet expired"),
        pytest.param("x", None, (NotFound, "not-found"), id="unknown, or revoked"),
        pytest.param(
            "x", msgspec.structs.replace(LINK, meeting_type_id=uuid4()), (NotFound, "not-found"), id="another type's"
        ),
        pytest.param("x", msgspec.structs.replace(LINK, used_at=NOW), (Conflict, "one-time-link-used"), id="used"),
        pytest.param(
            "x", msgspec.structs.replace(LINK, expires_at=NOW), (Conflict, "one-time-link-expired"), id="expired"
        ),
    ],
)
def test_a_link_can_be_used(
    asked: str | None, link: AskedLink | None, refusal: tuple[type[SlotkeeperError], str] | None
) -> None:
    if refusal is None:
        assert require_usable(asked, link, TYPE, NOW) == (link and link.id)
        return
    with pytest.raises(refusal[0]) as raised:
        require_usable(asked, link, TYPE, NOW)
    assert raised.value.code == refusal[1]


async def test_a_link_is_found_by_its_id_and_by_its_token_and_by_nothing_else(desk: Desk) -> None:
    new, other = await new_link(desk, 5), await new_link(desk)
    by_id, by_token = await asked_link(desk, str(new.link.id)), await asked_link(desk, new.token)
    assert by_id == by_token
    assert by_id is not None
    assert (by_id.id, by_id.expires_at) == (new.link.id, NOW + minutes(5))
    assert [await asked_link(desk, wrong) for wrong in (None, "", new.token[:-1], str(uuid4()))] == [None] * 4
    assert (await asked_link(desk, other.token)) != by_token


async def test_the_token_is_not_stored(desk: Desk) -> None:
    new = await new_link(desk)
    [[row]] = await desk.rows("SELECT one_time_links::text FROM one_time_links WHERE company_id = %(company_id)s")
    assert new.token not in row
    assert new.token not in repr(new)


async def test_of_many_bookings_with_one_link_one_goes_through(desk: Desk) -> None:
    link_id = (await new_link(desk)).link.id
    booked = [await desk.book(MONDAY + minutes(30 * n)) for n in range(8)]
    version = await version_of(desk)
    went = await asyncio.gather(*(use(desk, link_id, appointment.id, version) for appointment in booked))
    assert sorted(went) == [False] * 7 + [True]
    [winner] = [appointment.id for appointment, won in zip(booked, went, strict=True) if won]
    async with desk.pool.connection() as connection:
        [listed] = await list_links(connection, desk.caller, desk.company.meeting_type_id)
    assert (listed.appointment_id, listed.used_at) == (winner, NOW)
    assert await desk.rows("SELECT id FROM appointments WHERE company_id = %(company_id)s AND note = 'booked'") == [
        (winner,)
    ]


async def test_a_booking_that_must_decide_anew_leaves_the_link_unused(desk: Desk) -> None:
    link_id = (await new_link(desk)).link.id
    booked = await desk.book()
    assert not await use(desk, link_id, booked.id, version=await version_of(desk) - 1)
    link = await asked_link(desk, str(link_id))
    assert link is not None
    assert link.used_at is None


async def test_a_booking_without_a_link_is_not_held_up(desk: Desk) -> None:
    booked = await desk.book()
    assert await use(desk, None, booked.id, await version_of(desk))


async def test_a_revoked_link_is_gone_and_a_used_one_cannot_be_revoked(desk: Desk) -> None:
    revoked, used = (await new_link(desk)).link.id, (await new_link(desk)).link.id
    booked = await desk.book()
    assert await use(desk, used, booked.id, await version_of(desk))
    async with desk.pool.connection() as connection:
        await revoke_link(connection, desk.caller, revoked, NOW)
        with pytest.raises(NotFound):
            await revoke_link(connection, desk.caller, revoked, NOW + timedelta(seconds=1))
        with pytest.raises(Conflict) as refusal:
            await revoke_link(connection, desk.caller, used, NOW)
    assert refusal.value.code == "one-time-link-used"
    assert await asked_link(desk, str(revoked)) is None
    assert not await use(desk, revoked, booked.id, await version_of(desk))
