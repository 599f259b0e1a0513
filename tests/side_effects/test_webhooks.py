"""Exactly one webhook per committed move, with the same bytes at each attempt: invariants 24, 28, 30, 31."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from standardwebhooks import Webhook

from slotkeeper.errors import NotFree
from slotkeeper.side_effects.ledger_of_appointment import retry_effect
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office


async def test_exactly_one_booking_rescheduled_per_committed_move_from_any_entry_point_with_old_and_new_time(
    office: Office,
) -> None:
    """Not for a booking, nor for a move that was refused or changed nothing."""
    await office.add_endpoint("booking_rescheduled")
    booked = await office.book()
    await office.move(booked.id, MONDAY, through="api")
    with pytest.raises(NotFree):
        await office.move(booked.id, MONDAY + timedelta(hours=9), through="api")
    for n, through in enumerate(("api", "page", "calendar"), 1):
        await office.move(booked.id, MONDAY + minutes(60 * n), through=through)
    await office.work()
    told = [msgspec.json.decode(received.body) for received in office.receiver.received]
    assert [(t["webhookType"], t["previousStart"], t["start"]) for t in told] == [
        ("booking_rescheduled", "2037-12-07T09:00:00Z", "2037-12-07T10:00:00Z"),
        ("booking_rescheduled", "2037-12-07T10:00:00Z", "2037-12-07T11:00:00Z"),
        ("booking_rescheduled", "2037-12-07T11:00:00Z", "2037-12-07T12:00:00Z"),
    ]


async def test_a_webhooks_id_and_bytes_are_the_same_on_each_attempt_and_its_signature_verifies(office: Office) -> None:
    endpoint = await office.add_endpoint("booking_created")
    office.receiver.will_answer(503, 500)
    booked = await office.book()
    await office.work()
    await office.wait_and_work(timedelta(seconds=6))
    await office.wait_and_work(timedelta(minutes=6))

    first, second, third = await asyncio.to_thread(office.receiver.wait_for, 3)
    assert first.body == second.body == third.body
    assert len({received.headers["webhook-id"] for received in (first, second, third)}) == 1
    [effect] = await office.effects(booked.id, "webhook")
    assert (effect.state, effect.attempts, str(effect.id)) == ("done", 3, third.headers["webhook-id"])
    assert (
        Webhook(endpoint.secret).sign(
            third.headers["webhook-id"], _signed_at(third.headers["webhook-timestamp"]), third.body.decode()
        )
        == third.headers["webhook-signature"]
    )


async def test_an_endpoint_that_is_gone_needs_a_person_who_can_run_it_again(office: Office) -> None:
    await office.add_endpoint("booking_created")
    office.receiver.will_answer(410)
    booked = await office.book()
    await office.work()
    [effect] = await office.effects(booked.id, "webhook")
    assert (effect.state, effect.error_code) == ("needs_person", "webhook_endpoint_gone")
    assert "webhook_endpoint_gone" in (await office.get(booked.id)).error_codes

    async with office.pool.connection() as connection:
        await retry_effect(connection, office.company.company_id, booked.id, effect.id)
    await office.work()
    [effect] = await office.effects(booked.id, "webhook")
    assert effect.state == "done"
    assert (await office.get(booked.id)).error_codes == ()


async def test_a_failing_webhook_never_stops_a_message(office: Office) -> None:
    await office.add_endpoint("booking_created")
    office.receiver.will_answer(*[500] * 3)
    booked = await office.book()
    await office.work()
    assert len(office.mail.received) == 2
    assert {e.kind: e.state for e in await office.effects(booked.id)} == {
        "email": "done",
        "crm": "done",
        "webhook": "retrying",
    }
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert len(office.mail.received) == 4


async def test_no_secret_of_a_webhook_lies_readable_in_the_ledger(office: Office) -> None:
    endpoint = await office.add_endpoint("booking_created")
    await office.book()
    await office.work()
    sent = msgspec.json.decode(office.receiver.received[0].body)
    stored = str(await office.rows("SELECT e::text FROM effects e WHERE company_id = %(company_id)s"))
    endpoints = str(await office.rows("SELECT w::text FROM webhook_endpoints w WHERE company_id = %(company_id)s"))
    assert sent["secret"] not in stored
    assert endpoint.secret not in endpoints


def _signed_at(timestamp: str) -> datetime:
    return datetime.fromtimestamp(int(timestamp), UTC)
