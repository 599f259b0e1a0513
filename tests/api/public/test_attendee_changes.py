"""An attendee moves, cancels and confirms by the secret of a link, under the meeting type's policies."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.api.public.link import Link, booked
from tests.api.v4.conftest import Api
from tests.support.desk import MONDAY, Desk, minutes

NEXT = (MONDAY + minutes(60)).isoformat()
LATER = (MONDAY + minutes(120)).isoformat()
NEXT_WEEK = (MONDAY + timedelta(days=7)).isoformat()
GROUP = {"name": "Class", "duration": 30, "groupBooking": True, "channel": "jitsi"}


def policy(**fields: object) -> dict[str, object]:
    return {"enabled": True, "mode": "hours", "duration": 0, **fields}


async def test_a_move_by_the_attendee_is_theirs_in_the_history(api: Api) -> None:
    link = await booked(api)
    answer = await link.move(NEXT, reason="the train")
    assert answer.status_code == 200, answer.text
    moved = answer.json()
    assert (moved["previousStart"], moved["appointment"]["start"]) == ("2037-12-07T09:00:00Z", "2037-12-07T10:00:00Z")
    assert moved["appointment"] == await link.see()
    change = (await link.history())[-1]
    assert (change["kind"], change["through"], change["reason"]) == ("rescheduled", "attendee link", "the train")
    assert change["actor"]["kind"] == "attendee"
    assert change["actor"]["id"] == moved["appointment"]["attendee"]["id"]


async def test_an_attendee_never_overrides_and_is_told_the_rule_but_not_whose_time_it_is(api: Api) -> None:
    await api.book(LATER)
    link = await booked(api)
    overlapping = (MONDAY + minutes(135)).isoformat()
    answer = await link.move(overlapping, ignoreAvailability=True, override={"conflicts": True})
    assert (answer.status_code, answer.json()["errorCode"]) == (409, "slot-occupied")
    told = answer.json()["conflicts"]
    assert [(each["rule"], each["hostId"], each["start"]) for each in told] == [
        ("slot-occupied", None, "2037-12-07T11:15:00Z")
    ]
    assert len(answer.json()["suggestions"]) == 5
    assert (await link.see())["start"] == "2037-12-07T09:00:00Z"


@pytest.mark.parametrize(
    ("rescheduling", "start", "reason", "code"),
    [
        pytest.param({}, NEXT, None, None, id="off"),
        pytest.param({"enabled": True, "mode": "disabled"}, NEXT, "please", "reschedule-disabled", id="disabled"),
        pytest.param(policy(mode="days", duration=15), NEXT, None, "reschedule-too-late", id="days of notice"),
        pytest.param(policy(mode="days", duration=14), NEXT, None, None, id="days of notice, in time"),
        pytest.param(policy(duration=400), NEXT, None, "reschedule-too-late", id="hours of notice"),
        pytest.param(policy(maxChanges=0), NEXT, None, "reschedule-too-often", id="most changes"),
        pytest.param(policy(maxShiftDays=6), NEXT_WEEK, None, "reschedule-too-far", id="too far"),
        pytest.param(policy(maxShiftDays=7), NEXT_WEEK, None, None, id="as far as may be"),
        pytest.param(policy(reasonRequired=True), NEXT, " ", "reason-required", id="no reason"),
        pytest.param(policy(reasonRequired=True), NEXT, "flu", None, id="with the reason"),
    ],
)
async def test_the_policy_binds_attendees_and_no_host(
    api: Api, desk: Desk, rescheduling: dict[str, Any], start: str, reason: str | None, code: str | None
) -> None:
    link = await booked(api)
    await desk.set_type(rescheduling_policy=rescheduling)
    for dry in ("?dryRun=true", ""):
        answer = await link.ask("POST", f"/reschedule{dry}", json={"start": start, "reason": reason})
        assert answer.status_code == (409 if code else 200), answer.text
        assert answer.json().get("errorCode") == code
    if code and code not in ("reschedule-too-far", "reason-required"):
        seen = await link.see()
        listed = await link.ask("GET", "/free-times?start=2037-12-07&end=2037-12-08")
        assert (seen["reschedule"]["allowed"], seen["reschedule"]["errorCode"]) == (False, code)
        assert (listed.status_code, listed.json()["errorCode"]) == (409, code)
    assert (await api.move(link.appointment, LATER)).status_code == 200


async def test_only_moves_by_attendees_count_and_parallel_ones_are_not_more_than_allowed(api: Api, desk: Desk) -> None:
    link = await booked(api)
    await desk.set_type(rescheduling_policy=policy(maxChanges=2))
    await api.move(link.appointment, NEXT)
    await api.move(link.appointment, LATER)
    assert (await link.see())["reschedule"]["movesLeft"] == 2
    starts = [(MONDAY + timedelta(days=1, minutes=30 * n)).isoformat() for n in range(8)]
    answers = await asyncio.gather(*(link.move(start) for start in starts))
    codes = [answer.json().get("errorCode") for answer in answers]
    assert codes.count(None) == 2
    assert set(codes) <= {None, "reschedule-too-often", "busy"}
    assert [change["actor"]["kind"] for change in await link.history()].count("attendee") == 2
    assert (await link.see())["reschedule"]["movesLeft"] == 0


async def test_what_is_listed_is_what_can_be_moved_to(api: Api, desk: Desk) -> None:
    await desk.set_type(
        meeting_info={"name": "Talk", "duration": 30, "bufferAfter": 15},
        rescheduling_policy=policy(maxShiftDays=1),
    )
    await api.book(LATER)
    link = await booked(api)
    listed = await link.free("2037-12-05", "2037-12-09")
    assert listed
    asked = [MONDAY + timedelta(days=day, minutes=15 * n) for day in (-1, 0, 1) for n in range(-8, 40)]
    possible = []
    for start in asked:
        answer = await link.ask("POST", "/reschedule?dryRun=true", json={"start": start.isoformat()})
        if answer.status_code == 200 and answer.json()["wouldSucceed"]:
            possible.append(start)
    seconds = "%Y-%m-%dT%H:%M:%S"
    zone = {"timezone": "UTC"}
    assert [time[:19] for time in await link.free("2037-12-05", "2037-12-09", **zone)] == [
        start.strftime(seconds) for start in possible
    ]


async def test_what_is_suggested_lies_within_the_furthest_shift(api: Api, desk: Desk) -> None:
    await desk.set_type(rescheduling_policy=policy(maxShiftDays=1))
    link = await booked(api)
    next_day = MONDAY + timedelta(days=1)
    await api.book(next_day.isoformat())
    answer = await link.move(next_day.isoformat())
    assert answer.json()["errorCode"] == "slot-occupied"
    suggested = answer.json()["suggestions"]
    assert suggested
    assert max(suggested) <= next_day.isoformat()


async def test_a_move_is_repeated_by_its_key_and_guarded_by_its_version(api: Api) -> None:
    link = await booked(api)
    etag = (await link.ask("GET")).headers["etag"]
    first = await link.move(NEXT, {"idempotency-key": "k1", "if-match": etag})
    again = await link.move(NEXT, {"idempotency-key": "k1", "if-match": etag})
    assert (first.status_code, first.content) == (200, again.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert (await link.move(LATER, {"idempotency-key": "k1"})).status_code == 422
    assert (await link.move(LATER, {"if-match": etag})).status_code == 412
    assert (await link.move(LATER, {"if-match": first.headers["etag"]})).status_code == 200


async def test_a_dry_run_tells_what_would_happen_and_not_to_whom(api: Api) -> None:
    link = await booked(api)
    answer = await link.ask("POST", "/reschedule?dryRun=true", json={"start": NEXT})
    told = answer.json()
    assert set(told) == {"dryRun", "wouldSucceed", "appointment", "previousStart", "conflicts", "suggestions"}
    assert (told["wouldSucceed"], told["appointment"]["start"]) == (True, "2037-12-07T10:00:00Z")
    assert (await link.see())["start"] == "2037-12-07T09:00:00Z"
    assert len(await link.history()) == 1


async def test_the_attendee_of_a_group_cannot_move_it(api: Api, desk: Desk) -> None:
    await desk.set_type(meeting_info=GROUP, spots=3)
    link = await booked(api)
    answer = await link.move(NEXT)
    assert (answer.status_code, answer.json()["errorCode"]) == (409, "reschedule-of-group")


async def test_a_cancellation_by_the_attendee_is_theirs(api: Api) -> None:
    link = await booked(api)
    answer = await link.cancel(reason="flu")
    assert answer.status_code == 200
    seen = answer.json()
    assert seen == await link.see()
    assert (seen["isCancelled"], seen["cancel"]["actionSource"], seen["cancel"]["reason"]) == (True, "attendee", "flu")
    shown = (await api.client.get(f"/v4/appointment/{link.appointment}")).json()
    assert shown["cancel"]["actionSource"] == "attendee"
    assert (await link.history())[-1]["through"] == "attendee link"
    for answer in (await link.cancel(), await link.move(NEXT)):
        assert (answer.status_code, answer.json()["errorCode"]) == (409, "appointment-cancelled")


async def test_of_a_group_only_the_attendee_leaves_and_their_secret_leads_nowhere_from_then_on(
    api: Api, desk: Desk
) -> None:
    await desk.set_type(meeting_info=GROUP, spots=3)
    leaves, stays = await booked(api), await booked(api, email="bo@example.org")
    key = {"idempotency-key": "leave"}
    answer = await leaves.cancel(key, reason="flu")
    assert (answer.status_code, answer.json()["isCancelled"]) == (200, True)
    assert "bo@example.org" not in answer.text
    assert (await leaves.ask("GET")).status_code == 404
    assert (await leaves.cancel()).status_code == 404
    assert (await leaves.cancel(key, reason="flu")).content == answer.content
    seen = await stays.see()
    assert (seen["isCancelled"], seen["attendee"]["email"]) == (False, "bo@example.org")


@pytest.mark.parametrize(
    ("cancellation", "code"),
    [
        pytest.param({}, None, id="off"),
        pytest.param({"enabled": True, "mode": "disabled"}, "cancellation-disabled", id="disabled"),
        pytest.param({"enabled": True, "mode": "days", "duration": 15}, "cancellation-too-late", id="too late"),
        pytest.param({"enabled": True, "mode": "days", "duration": 14}, None, id="in time"),
    ],
)
@pytest.mark.parametrize("others", [pytest.param(0, id="alone"), pytest.param(1, id="of a group")])
async def test_the_cancellation_policy_binds_attendees(
    api: Api, desk: Desk, cancellation: dict[str, Any], code: str | None, others: int
) -> None:
    if others:
        await desk.set_type(meeting_info=GROUP, spots=3)
        await booked(api, email="bo@example.org")
    link = await booked(api)
    await desk.set_type(cancellation_policy=cancellation)
    assert (await link.see())["cancellation"]["errorCode"] == code
    answer = await link.cancel()
    assert (answer.status_code, answer.json().get("errorCode")) == (409 if code else 200, code)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        pytest.param({"doubleOptIn": "enabled"}, None, id="double opt-in"),
        pytest.param({"requireHostConfirmation": "enabled"}, "not-your-turn", id="it waits for the host"),
        pytest.param({}, "already-decided", id="it waits for nobody"),
    ],
)
async def test_the_attendee_confirms_what_waits_for_their_word(
    api: Api, desk: Desk, options: dict[str, str], code: str | None
) -> None:
    await desk.set_type(meeting_options=options)
    appointment = await desk.book()
    shown = (await api.client.get(f"/v4/appointment/{appointment.id}")).json()
    link = Link(api, str(appointment.id), shown["attendees"][0]["secret"])
    assert (await link.see())["canConfirm"] is (code is None)
    answer = await link.ask("POST", "/confirm")
    assert (answer.status_code, answer.json().get("errorCode")) == (409 if code else 200, code)
    if code is None:
        assert (answer.json()["status"], answer.json()["attendee"]["doubleOptIn"]) == ("confirmed", "confirmed")
        change = (await link.history())[-1]
        assert (change["kind"], change["through"], change["actor"]["kind"]) == (
            "confirmed",
            "attendee link",
            "attendee",
        )
        again = await link.ask("POST", "/confirm")
        assert (again.status_code, again.json()["errorCode"]) == (409, "already-decided")


async def test_what_is_over_is_not_changed_any_more(api: Api, desk: Desk) -> None:
    link = await booked(api)
    past = "UPDATE appointments SET start_at = '2037-11-20 09:00Z', end_at = '2037-11-20 09:30Z' WHERE id = %(id)s"
    await desk.execute(past, id=link.appointment)
    for answer in (await link.move(NEXT), await link.cancel()):
        assert (answer.status_code, answer.json()["errorCode"]) == (409, "appointment-finished")
    assert (await link.see())["reschedule"]["errorCode"] == "appointment-finished"
