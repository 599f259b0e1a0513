"""A booking of a queue goes to whose turn it is; links and passwords open a meeting type."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from slotkeeper.errors import Conflict, Forbidden, Malformed, NotFound, NotFree
from slotkeeper.records.appointment import Appointment
from slotkeeper.secrets import hash_password, hash_token
from tests.support.desk import MONDAY, Desk, minutes


@pytest.fixture
async def team(desk: Desk) -> list[UUID]:
    """Three members of the meeting type's queue, in their order."""
    members = [await desk.add_host() for _ in range(3)]
    await desk.execute(QUEUE, id=(queue := uuid4()))
    for position, member in enumerate(members):
        await desk.execute(MEMBER, queue_id=queue, user_id=member, position=position)
    await desk.set_type(queue_id=queue)
    return members


def host_of(appointment: Appointment) -> UUID:
    return appointment.main_host.id


async def test_bookings_go_round(desk: Desk, team: list[UUID]) -> None:
    booked = [await desk.book(MONDAY + minutes(30 * n)) for n in range(6)]
    assert [host_of(appointment) for appointment in booked] == [*team, *team]


async def test_one_slot_can_be_booked_as_often_as_there_are_members(desk: Desk, team: list[UUID]) -> None:
    booked = [await desk.book() for _ in range(3)]
    assert {host_of(appointment) for appointment in booked} == set(team)
    with pytest.raises(NotFree) as full:
        await desk.book()
    assert full.value.code == "slot-occupied"


async def test_many_at_once_never_take_the_same_turn(desk: Desk, team: list[UUID]) -> None:
    booked = await asyncio.gather(*(desk.book(MONDAY + minutes(30 * n)) for n in range(3)))
    assert Counter(host_of(appointment) for appointment in booked) == Counter(team)


async def test_a_cancelled_booking_gives_the_turn_back(desk: Desk, team: list[UUID]) -> None:
    first = await desk.book()
    await desk.cancel(first.id)
    assert host_of(await desk.book()) == team[0]


async def test_a_move_keeps_its_host_and_its_turn(desk: Desk, team: list[UUID]) -> None:
    first = await desk.book()
    moved = (await desk.move(first.id, MONDAY + timedelta(days=1))).stored.appointment
    assert host_of(moved) == team[0]
    assert host_of(await desk.book()) == team[1]
    [entry] = await desk.rows("SELECT start_at FROM round_robin_entries WHERE user_id = %(id)s", id=team[0])
    assert entry == (MONDAY + timedelta(days=1),)


async def test_a_host_of_the_queue_can_be_chosen(desk: Desk, team: list[UUID]) -> None:
    [(queue,)] = await desk.rows("SELECT queue_id FROM meeting_types WHERE company_id = %(company_id)s")
    booked = await desk.book(host_ids=(team[2],), queue_id=queue)
    assert host_of(booked) == team[2]
    [(reason,)] = await desk.rows("SELECT selection_reason FROM round_robin_entries WHERE user_id = %(id)s", id=team[2])
    assert reason == "chosenByAttendee"
    with pytest.raises(Malformed, match="members of the queue"):
        await desk.book(host_ids=(await desk.add_host(),), queue_id=queue)


async def test_an_unknown_queue_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound, match="queue"):
        await desk.book(queue_id=uuid4())


async def test_a_one_time_link_books_once(desk: Desk) -> None:
    await desk.execute(LINK, id=(link := uuid4()), hash=hash_token("t0ken"), type=desk.company.meeting_type_id,
                       user=desk.company.user_id)  # fmt: skip
    outcomes = await asyncio.gather(
        *(desk.book(MONDAY + minutes(30 * n), one_time_link="t0ken") for n in range(4)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes].count(Appointment) == 1
    assert {outcome.code for outcome in outcomes if isinstance(outcome, Conflict)} == {"one-time-link-used"}
    with pytest.raises(Conflict):
        await desk.book(MONDAY + timedelta(days=1), one_time_link=str(link))


async def test_a_refused_booking_leaves_the_link_unused(desk: Desk) -> None:
    await desk.execute(LINK, id=uuid4(), hash=hash_token("other"), type=desk.company.meeting_type_id,
                       user=desk.company.user_id)  # fmt: skip
    with pytest.raises(NotFree):
        await desk.book(MONDAY - timedelta(days=1), one_time_link="other")
    await desk.book(one_time_link="other")


async def test_a_password_opens_the_meeting_type(desk: Desk) -> None:
    await desk.set_type(booking_password_hash=hash_password("sesame"))
    for wrong in (None, "", "Sesame"):
        with pytest.raises(Forbidden) as refusal:
            await desk.book(password=wrong)
        assert refusal.value.code == "booking-password-wrong"
    await desk.book(password="sesame")


@pytest.mark.parametrize(
    ("said", "of_company", "status"),
    [
        pytest.param("useCompanySettings", "enabled", "tentative", id="the company's"),
        pytest.param("disabled", "enabled", "confirmed", id="its own"),
        pytest.param(None, "enabled", "tentative", id="said nothing"),
        pytest.param(None, "disabled", "confirmed", id="nobody wants it"),
    ],
)
async def test_what_a_type_leaves_open_the_company_says(
    desk: Desk, said: str | None, of_company: str, status: str
) -> None:
    await desk.execute("UPDATE companies SET double_opt_in = %(said)s WHERE id = %(company_id)s", said=of_company)
    await desk.set_type(meeting_options={"doubleOptIn": said} if said else {})
    assert (await desk.book()).status == status


QUEUE = "INSERT INTO queues (company_id, id, name) VALUES (%(company_id)s, %(id)s, 'Team')"
MEMBER = """
    INSERT INTO queue_members (company_id, queue_id, user_id, position)
    VALUES (%(company_id)s, %(queue_id)s, %(user_id)s, %(position)s)
"""
LINK = """
    INSERT INTO one_time_links (company_id, id, meeting_type_id, token_hash, created_by, created_at)
    VALUES (%(company_id)s, %(id)s, %(type)s, %(hash)s, %(user)s, now())
"""
