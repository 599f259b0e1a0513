"""Webhooks that tell of no appointment: with what they tell of, or not at all, and the same bytes at each attempt."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from slotkeeper.accounts.add_user import NewUser
from slotkeeper.accounts.create_user import create_user
from slotkeeper.errors import Conflict
from slotkeeper.records.connection import Connection as Account
from slotkeeper.side_effects.report_broken import report_broken
from tests.support.office import Office

NEW = NewUser(email="new@example.com", given_name="Neu", family_name="Mann", timezone="Europe/Berlin")


async def hire(office: Office) -> None:
    async with office.pool.connection() as connection:
        await create_user(connection, office.company.company_id, NEW, None)


async def test_a_new_user_is_told_once_to_each_endpoint_that_asked_with_the_same_bytes_at_each_attempt(
    office: Office,
) -> None:
    await office.add_endpoint("new_employee")
    await office.add_endpoint("booking_created")
    office.receiver.will_answer(503)
    await hire(office)
    with pytest.raises(Conflict):
        await hire(office)
    await office.work()
    await office.wait_and_work(timedelta(seconds=6))
    first, second = await asyncio.to_thread(office.receiver.wait_for, 2)
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    told = msgspec.json.decode(first.body)
    assert (told["webhookType"], told["email"], told["fullName"]) == ("new_employee", "new@example.com", "Neu Mann")
    assert await office.rows(STATES) == [("done", 2)]


async def test_an_account_that_needs_its_person_is_told_the_first_time_only(office: Office) -> None:
    await office.add_endpoint("credential_error")
    company_id = office.company.company_id
    account = Account(
        id=uuid4(), company_id=company_id, provider="caldav", kind="calendar", user_id=office.company.user_id
    )
    await office.execute(CONNECTION, id=account.id, user=account.user_id)
    for _ in range(2):
        async with office.pool.connection() as connection:
            await report_broken(connection, account, office.now)
    await office.work()
    [received] = office.receiver.received
    told = msgspec.json.decode(received.body)
    assert (told["webhookType"], told["id"], told["provider"]) == ("credential_error", str(account.id), "caldav")


STATES = "SELECT state, attempts FROM announcements WHERE company_id = %(company_id)s"
CONNECTION = """
    INSERT INTO connections (company_id, id, user_id, provider, kind)
    VALUES (%(company_id)s, %(id)s, %(user)s, 'caldav', 'calendar')
"""
