"""What the CRM says of a meeting: one activity per contact, which follows the appointment."""

from uuid import UUID

import pytest

from slotkeeper.appointments.provisional import Word, confirm
from slotkeeper.records.change import Actor
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office
from tests.support.sales import Sales, sales

__all__ = ["sales"]

ANN, BOB = "ann@example.org", "bob@example.org"
CLASS = {"name": "Class", "duration": 30, "groupBooking": True}


async def outcomes(office: Office) -> dict[str, str]:
    sql = """
        SELECT k.email, y.outcome FROM crm_activities y
        JOIN crm_contacts k ON k.company_id = y.company_id AND k.id = y.contact_id
        WHERE y.company_id = %(company_id)s
    """
    return dict(await office.rows(sql))


async def class_of_two(office: Office) -> tuple[UUID, UUID]:
    """The appointment, and Bob as its attendee."""
    await office.set_type(meeting_info=CLASS, spots=3)
    await office.book()
    joined = await office.book(attendee=office.attendee(email=BOB))
    return joined.id, next(one.id for one in joined.attendees if one.email == BOB)


@pytest.mark.parametrize("promptly", [True, False], ids=["at once", "after the next change"])
async def test_who_leaves_a_group_has_a_cancelled_activity_and_the_others_keep_theirs(
    office: Office, promptly: bool
) -> None:
    appointment_id, bob = await class_of_two(office)
    await office.work()
    await office.cancel(appointment_id, attendee_id=bob)
    if promptly:
        await office.work()
    await office.move(appointment_id, MONDAY + minutes(60))
    await office.work()
    assert await outcomes(office) == {ANN: "rescheduled", BOB: "cancelled"}


async def test_who_left_and_joins_again_has_a_scheduled_activity(office: Office) -> None:
    appointment_id, bob = await class_of_two(office)
    await office.work()
    await office.cancel(appointment_id, attendee_id=bob)
    await office.book(attendee=office.attendee(email=BOB))
    await office.work()
    assert await outcomes(office) == {ANN: "scheduled", BOB: "scheduled"}


async def test_a_moved_meeting_stays_so_though_somebody_joins_later(office: Office) -> None:
    appointment_id, _ = await class_of_two(office)
    await office.move(appointment_id, MONDAY + minutes(60))
    await office.book(MONDAY + minutes(60), attendee=office.attendee(email="cem@example.org"))
    await office.work()
    assert set((await outcomes(office)).values()) == {"rescheduled"}


@pytest.mark.parametrize("change", ["joined", "left", "handed_off"])
async def test_a_deal_stays_as_it_is_when_people_of_its_appointment_change(
    office: Office, sales: Sales, change: str
) -> None:
    await sales.keep_in("Qualified")
    appointment_id, bob = await class_of_two(office)
    await office.work()
    kinds = await sales.kinds(await sales.only_deal())
    if change == "joined":
        await office.book(attendee=office.attendee(email="cem@example.org"))
    elif change == "left":
        await office.cancel(appointment_id, attendee_id=bob)
    else:
        await office.hand_off(appointment_id, await office.add_host())
    await office.work()
    assert await sales.kinds(await sales.only_deal()) == kinds
    assert {effect.state for effect in await office.effects(appointment_id, "crm")} <= {"done", "superseded"}


async def test_a_confirmed_request_makes_a_deal_with_a_line(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    await office.set_type(meeting_options={"requireHostConfirmation": "enabled"})
    booked = await office.book()
    word = Word(side="host", actor=Actor(kind="host", name="Dr. Weiß"))
    async with office.pool.connection() as connection:
        await confirm(connection, office.company.company_id, booked.id, word, office.now)
    await office.work()
    assert await sales.kinds(await sales.only_deal()) == ["created", "appointment_booked"]
