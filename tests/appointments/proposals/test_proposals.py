import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from slotkeeper.errors import Conflict, Forbidden, Malformed, NotFound, NotFree, SlotkeeperError
from slotkeeper.records.caller import Mover
from tests.support.desk import MONDAY, Desk, minutes
from tests.support.negotiation import Negotiation

LATER, LATEST = MONDAY + minutes(60), MONDAY + minutes(120)
SATURDAY = MONDAY + timedelta(days=5)
AN_HOUR = timedelta(hours=1)
Sides = Callable[[Negotiation], tuple[Mover, Mover]]

sides = pytest.mark.parametrize(
    "sides",
    [
        pytest.param(lambda talks: (talks.host, talks.attendee), id="host offers"),
        pytest.param(lambda talks: (talks.attendee, talks.host), id="attendee offers"),
    ],
)


async def error_code(refused: Awaitable[object]) -> str:
    with pytest.raises(SlotkeeperError) as error:
        await refused
    return error.value.code


@sides
async def test_an_offer_changes_nothing_until_the_other_side_accepts_one_of_its_times(
    talks: Negotiation, sides: Sides
) -> None:
    mine, theirs = sides(talks)
    offer = await talks.propose(mine, LATER, LATEST, message="a tram strike")
    standing = await talks.appointment()
    assert (standing.start, standing.status, await talks.states()) == (MONDAY, "confirmed", ["open"])
    accepted = await talks.accept(theirs, offer.id, LATEST)
    moved = await talks.appointment()
    assert (moved.start, moved.end - moved.start, moved.status) == (LATEST, minutes(30), "confirmed")
    assert accepted.state(talks.desk.now) == "accepted"
    assert await talks.states() == ["accepted"]


@sides
async def test_a_declined_offer_changes_nothing_and_keeps_the_reason(talks: Negotiation, sides: Sides) -> None:
    mine, theirs = sides(talks)
    offer = await talks.propose(mine, LATER)
    await talks.decline(theirs, offer.id, "neither suits")
    [declined] = await talks.proposals()
    assert declined.ended is not None
    assert (declined.state(talks.desk.now), declined.ended.reason) == ("declined", "neither suits")
    assert (await talks.appointment()).start == MONDAY


@sides
async def test_who_offers_withdraws_and_the_other_side_answers(talks: Negotiation, sides: Sides) -> None:
    mine, theirs = sides(talks)
    offer = await talks.propose(mine, LATER)
    assert await error_code(talks.accept(mine, offer.id, LATER)) == "not-your-turn"
    assert await error_code(talks.decline(mine, offer.id)) == "not-your-turn"
    assert await error_code(talks.withdraw(theirs, offer.id)) == "not-your-turn"
    await talks.withdraw(mine, offer.id)
    assert await talks.states() == ["withdrawn"]


@sides
async def test_a_new_offer_of_either_side_takes_the_place_of_the_open_one(talks: Negotiation, sides: Sides) -> None:
    mine, theirs = sides(talks)
    first = await talks.propose(mine, LATER)
    second = await talks.propose(mine, LATEST)
    assert await talks.states() == ["replaced", "open"]
    await talks.propose(theirs, LATER)
    assert await talks.states() == ["replaced", "replaced", "open"]
    for gone in (first, second):
        assert await error_code(talks.accept(theirs, gone.id, gone.starts[0])) == "proposal-closed"


Elsewhere = Callable[[Desk, Negotiation], Awaitable[Any]]


async def handed_off(desk: Desk, talks: Negotiation) -> None:
    await desk.hand_off(talks.id, await desk.add_host())


@pytest.mark.parametrize(
    ("elsewhere", "code"),
    [
        pytest.param(
            lambda desk, talks: desk.move(talks.id, MONDAY + minutes(30)),
            "proposal-closed",
            id="a move of another kind",
        ),
        pytest.param(lambda desk, talks: desk.cancel(talks.id), "appointment-cancelled", id="a cancellation"),
        pytest.param(handed_off, "proposal-closed", id="a hand-off"),
    ],
)
async def test_an_offer_lapses_when_the_appointment_goes_elsewhere(
    desk: Desk, talks: Negotiation, elsewhere: Elsewhere, code: str
) -> None:
    offer = await talks.propose(talks.host, LATER)
    await elsewhere(desk, talks)
    assert await talks.states() == ["lapsed"]
    assert await error_code(talks.accept(talks.attendee, offer.id, LATER)) == code


async def test_moved_away_and_back_it_stays_lapsed(desk: Desk, talks: Negotiation) -> None:
    await talks.propose(talks.host, LATER)
    await desk.move(talks.id, LATEST)
    await desk.move(talks.id, MONDAY)
    assert await talks.states() == ["lapsed"]


async def test_what_leaves_the_time_alone_leaves_the_offer_open(desk: Desk, talks: Negotiation) -> None:
    offer = await talks.propose(talks.host, LATER)
    await desk.add_guest(await talks.appointment(), "mum@example.net")
    assert await talks.states() == ["open"]
    await talks.accept(talks.attendee, offer.id, LATER)


async def test_an_offer_lapses_with_the_last_of_its_times(desk: Desk, talks: Negotiation) -> None:
    early, late = MONDAY - timedelta(days=7), MONDAY - timedelta(days=6)
    offer = await talks.propose(talks.attendee, early, late)
    desk.now = early + minutes(1)
    assert await talks.states() == ["open"]
    assert await error_code(talks.accept(talks.host, offer.id, early)) == "in-the-past"
    desk.now = late
    assert await talks.states() == ["lapsed"]
    assert await error_code(talks.accept(talks.host, offer.id, late)) == "proposal-closed"


async def test_an_offer_lapses_with_the_appointment_it_would_move(desk: Desk, talks: Negotiation) -> None:
    offer = await talks.propose(talks.host, MONDAY + timedelta(days=1))
    desk.now = MONDAY + minutes(30)
    assert await talks.states() == ["lapsed"]
    assert await error_code(talks.accept(talks.attendee, offer.id, offer.starts[0])) == "appointment-finished"


async def test_a_time_that_is_taken_meanwhile_is_refused_as_for_a_move_and_the_offer_stays_open(
    desk: Desk, talks: Negotiation
) -> None:
    offer = await talks.propose(talks.host, LATER, LATEST)
    await desk.book(LATER)
    with pytest.raises(NotFree) as taken:
        await talks.accept(talks.attendee, offer.id, LATER)
    assert (taken.value.code, taken.value.conflicts[0].rule) == ("slot-occupied", "slot-occupied")
    assert await talks.states() == ["open"]
    await talks.accept(talks.attendee, offer.id, LATEST)


async def test_each_start_that_is_not_free_is_told_with_its_reasons(desk: Desk, talks: Negotiation) -> None:
    await desk.book(LATER)
    with pytest.raises(NotFree) as refused:
        await talks.propose(talks.attendee, LATEST, LATER, SATURDAY)
    told = [(conflict.wanted, conflict.rule) for conflict in refused.value.conflicts]
    assert told == [(LATER, "slot-occupied"), (SATURDAY, "outside-working-hours")]
    assert refused.value.suggestions
    assert await talks.states() == []


async def test_all_hosts_must_be_free_at_each_start(desk: Desk) -> None:
    second = await desk.add_host()
    booked = await desk.book(host_ids=(desk.company.user_id, second))
    await desk.book(LATER, host_ids=(second,))
    talks = Negotiation(desk, booked)
    assert await error_code(talks.propose(talks.host, LATER)) == "slot-occupied"


async def test_what_the_host_set_aside_is_set_aside_when_the_attendee_accepts(desk: Desk, talks: Negotiation) -> None:
    offer = await talks.propose(talks.host, SATURDAY, overrides=frozenset({"hours"}))
    await talks.accept(talks.attendee, offer.id, SATURDAY)
    [(actor, overridden)] = await desk.rows(LAST_MOVE, id=talks.id)
    assert (actor, overridden) == ("attendee", ["outside-working-hours"])


async def test_a_time_that_was_free_when_the_host_offered_it_must_still_be_free(desk: Desk, talks: Negotiation) -> None:
    await desk.book(LATER)
    everything = frozenset({"conflicts", "hours", "notice", "buffers", "limits"})
    offer = await talks.propose(talks.host, LATER, LATEST, overrides=everything)
    await desk.book(LATEST)
    assert await error_code(talks.accept(talks.attendee, offer.id, LATEST)) == "slot-occupied"
    await talks.accept(talks.attendee, offer.id, LATER)
    assert (await talks.appointment()).start == LATER


@pytest.mark.parametrize(
    ("starts", "field"),
    [
        pytest.param((), "starts", id="none"),
        pytest.param(tuple(MONDAY + n * AN_HOUR for n in range(1, 7)), "starts", id="six"),
        pytest.param((LATER, LATER), r"starts\[1\]", id="one twice"),
        pytest.param((LATER, MONDAY), r"starts\[1\]", id="the present one"),
    ],
)
async def test_one_to_five_distinct_other_times_are_offered(
    talks: Negotiation, starts: tuple[datetime, ...], field: str
) -> None:
    with pytest.raises(Malformed, match=field):
        await talks.propose(talks.host, *starts)


async def test_only_a_time_that_was_offered_can_be_accepted(talks: Negotiation) -> None:
    offer = await talks.propose(talks.host, LATER)
    with pytest.raises(Malformed, match="start: must be one of the proposed starts"):
        await talks.accept(talks.attendee, offer.id, LATEST)


async def test_an_attendee_sets_nothing_aside(talks: Negotiation) -> None:
    with pytest.raises(Forbidden):
        await talks.propose(talks.attendee, SATURDAY, overrides=frozenset({"hours"}))


async def test_a_request_is_confirmed_before_other_times_are_offered(desk: Desk) -> None:
    await desk.set_type(meeting_options={"requireHostConfirmation": "enabled"})
    talks = Negotiation(desk, await desk.book())
    assert await error_code(talks.propose(talks.host, LATER)) == "appointment-unconfirmed"


async def test_a_group_has_nobody_who_could_accept_for_all(desk: Desk) -> None:
    await desk.set_type(meeting_info=GROUP, spots=5)
    talks = Negotiation(desk, await desk.book())
    assert await error_code(talks.propose(talks.host, LATER)) == "proposal-to-group"


async def test_an_attendee_without_an_address_cannot_be_asked(desk: Desk) -> None:
    booked = await desk.book(attendee=desk.attendee(email=None, phone="+49 30 1234567"))
    talks = Negotiation(desk, booked)
    assert await error_code(talks.propose(talks.host, LATER)) == "no-address"
    await talks.propose(talks.attendee, LATER)


async def test_colleagues_and_other_attendees_have_no_part_in_it(desk: Desk, talks: Negotiation) -> None:
    offer = await talks.propose(talks.attendee, LATER)
    colleague = desk.caller_for(await desk.add_host())
    with pytest.raises(Forbidden):
        await talks.accept(colleague, offer.id, LATER)
    stranger = Negotiation(desk, await desk.book(LATEST)).attendee
    with pytest.raises(NotFound):
        await talks.decline(stranger, offer.id)


async def test_another_companys_appointments_and_proposals_are_unknown(
    desk: Desk, other_desk: Desk, talks: Negotiation
) -> None:
    offer = await talks.propose(talks.attendee, LATER)
    theirs = Negotiation(other_desk, await other_desk.book())
    for refused in (
        talks.propose(theirs.host, LATEST),
        talks.accept(theirs.host, offer.id, LATER),
        talks.decline(theirs.host, offer.id),
        theirs.accept(theirs.host, offer.id, LATER),
        theirs.withdraw(theirs.attendee, offer.id),
        talks.decline(talks.host, uuid4()),
    ):
        with pytest.raises(NotFound):
            await refused
    assert await talks.states() == ["open"]


async def test_of_parallel_acceptances_one_wins(talks: Negotiation) -> None:
    offer = await talks.propose(talks.attendee, LATER, LATEST)
    starts = [LATER, LATEST] * 4
    answers = await asyncio.gather(
        *(talks.accept(talks.host, offer.id, start) for start in starts), return_exceptions=True
    )
    [won] = [
        (start, answer) for start, answer in zip(starts, answers, strict=True) if not isinstance(answer, Exception)
    ]
    assert {error.code for error in answers if isinstance(error, Conflict)} <= {"proposal-closed", "busy"}
    moved = await talks.appointment()
    assert (moved.start, moved.sequence) == (won[0], 2)


async def test_of_an_acceptance_and_a_withdrawal_at_the_same_moment_one_wins(talks: Negotiation) -> None:
    for there in [LATER, MONDAY] * 5:
        offer = await talks.propose(talks.attendee, there)
        answers = await asyncio.gather(
            talks.accept(talks.host, offer.id, there),
            talks.withdraw(talks.attendee, offer.id),
            return_exceptions=True,
        )
        assert [type(answer) for answer in answers].count(Conflict) == 1
        accepted = not isinstance(answers[0], Exception)
        assert ((await talks.appointment()).start == there) is accepted
        if not accepted:
            await talks.desk.move(talks.id, there)


async def test_the_history_tells_of_each_step(desk: Desk, talks: Negotiation) -> None:
    first = await talks.propose(talks.host, LATER, message="a tram strike")
    await talks.decline(talks.attendee, first.id)
    second = await talks.propose(talks.attendee, LATEST)
    await talks.accept(talks.host, second.id, LATEST)
    assert await desk.rows(HISTORY, id=talks.id) == [
        ("booked", "api", None, None, None),
        ("proposed", "host", first.id, [LATER], "a tram strike"),
        ("proposal_declined", "attendee", first.id, [LATER], None),
        ("proposed", "attendee", second.id, [LATEST], None),
        ("rescheduled", "host", second.id, None, None),
    ]


GROUP = {"name": "Yoga", "duration": 30, "channel": "jitsi", "groupBooking": True}

LAST_MOVE = """
    SELECT actor ->> 'kind', overridden FROM changes
    WHERE company_id = %(company_id)s AND appointment_id = %(id)s AND kind = 'rescheduled'
"""
HISTORY = """
    SELECT kind, actor ->> 'kind', proposal_id, proposed_starts, reason FROM changes
    WHERE company_id = %(company_id)s AND appointment_id = %(id)s
    ORDER BY sequence
"""
