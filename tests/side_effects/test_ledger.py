"""The ledger: with the move or not at all, fenced, the same after every crash. Invariants 6, 23, 25, 32, 33."""

from datetime import timedelta

import pytest

from slotkeeper.errors import Conflict
from slotkeeper.side_effects.fan_out import fan_out
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office


async def test_fanning_out_again_after_a_crash_enters_nothing_twice(office: Office) -> None:
    booked = await office.book()
    for _ in range(3):
        await fan_out(office.outward, office.company.company_id, booked.id, 0)
    await office.work()
    effects = await office.effects(booked.id)
    assert len({(e.kind, e.target) for e in effects}) == len(effects) == 4
    assert len(office.mail.received) == 2


async def test_a_job_that_runs_again_after_its_effect_is_done_does_nothing(office: Office) -> None:
    await office.book()
    await office.work()
    await office.execute(
        "UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'succeeded' AND queueing_lock IS NULL"
    )
    await office.work()
    assert len(office.mail.received) == 2


async def test_a_refused_move_leaves_no_effect_and_no_job(office: Office) -> None:
    booked = await office.book()
    await office.work()
    before = await office.rows("SELECT count(*) FROM procrastinate_jobs")
    await office.execute("UPDATE appointments SET cancelled_at = now(), cancel_source = 'host'")
    with pytest.raises(Conflict):
        await office.move(booked.id, MONDAY + minutes(60))
    assert await office.rows("SELECT count(*) FROM procrastinate_jobs") == before


async def test_a_stale_effect_drops_itself_and_is_counted_as_superseded(office: Office) -> None:
    booked = await office.book()
    for n in (1, 2, 3):
        await office.move(booked.id, MONDAY + minutes(60 * n))
    await office.work()
    states = {(e.sequence, e.state) for e in await office.effects(booked.id, "crm")}
    assert states == {(0, "superseded"), (1, "superseded"), (2, "superseded"), (3, "done")}


async def test_a_move_creates_no_new_contact_and_no_second_activity(office: Office) -> None:
    booked = await office.book()
    await office.work()
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    contacts = await office.rows("SELECT email FROM crm_contacts WHERE company_id = %(company_id)s")
    activities = await office.rows("SELECT start_at, outcome FROM crm_activities WHERE company_id = %(company_id)s")
    assert contacts == [("ann@example.org",)]
    assert activities == [(MONDAY + minutes(60), "rescheduled")]


async def test_a_reminder_is_sent_once_when_due(office: Office) -> None:
    booked = await office.book(notify="none")
    await office.work()
    office.now = booked.start - timedelta(hours=24)
    assert await office.remind() == 1
    assert await office.remind() == 0
    await office.work()
    assert sorted(r.rcpt_tos[0] for r in office.mail.received) == ["ann@example.org", "host@example.com"]


async def test_a_reminder_of_the_old_time_is_dropped_not_sent(office: Office) -> None:
    booked = await office.book(notify="none")
    office.now = booked.start - timedelta(hours=24)
    assert await office.remind() == 1
    await office.move(booked.id, MONDAY + timedelta(days=1), notify="none")
    await office.work()
    assert office.mail.received == []
    assert {e.state for e in await office.effects(booked.id, "reminder")} == {"superseded"}


async def test_of_reminders_that_an_outage_held_up_only_the_last_is_sent(office: Office) -> None:
    booked = await office.book(notify="none")
    office.now = booked.start - minutes(30)
    assert await office.remind() == 2
    await office.work()
    assert sorted(r.rcpt_tos[0] for r in office.mail.received) == ["ann@example.org", "host@example.com"]
    assert {e.target.rpartition(":")[2] for e in await office.effects(booked.id, "reminder")} == {"60"}


@pytest.mark.parametrize("no_longer", ["of this version", "of a live appointment", "ahead of the start"])
async def test_a_reminder_that_is_due_and_does_not_hold_any_more_is_dropped_not_sent(
    office: Office, no_longer: str
) -> None:
    """As after a crash, or a worker that stood still: the row is still planned."""
    booked = await office.book(notify="none")
    if no_longer == "of this version":
        await office.move(booked.id, MONDAY + minutes(60), notify="none")
    if no_longer == "of a live appointment":
        await office.execute("UPDATE appointments SET status = 'cancelled' WHERE company_id = %(company_id)s")
    await office.execute("UPDATE reminders SET state = CASE sequence WHEN 0 THEN 'planned' ELSE 'dropped' END")
    office.now = MONDAY if no_longer == "ahead of the start" else MONDAY - minutes(30)
    assert await office.remind() == 2
    await office.work()
    assert office.mail.received == []
    assert await office.effects(booked.id, "reminder") == []
    assert await office.rows("SELECT DISTINCT state FROM reminders") == [("dropped",)]


async def test_an_attendee_who_wants_no_reminders_gets_none(office: Office) -> None:
    booked = await office.book(attendee=office.attendee(receive_reminders=False), notify="none")
    office.now = booked.start - timedelta(hours=24)
    await office.remind()
    await office.work()
    assert [r.rcpt_tos[0] for r in office.mail.received] == ["host@example.com"]
