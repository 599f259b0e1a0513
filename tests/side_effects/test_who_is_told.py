"""Each change tells those whom it concerns, once, and nobody else."""

import json
from uuid import UUID

import pytest

from slotkeeper.appointments.provisional import Word, confirm, decline
from slotkeeper.appointments.tasks import expire_requests
from slotkeeper.records.change import Actor
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office

HOST, ANN, BOB = "host@example.com", "ann@example.org", "bob@example.org"
CLASS = {"name": "Class", "duration": 30, "groupBooking": True, "channel": "custom"}


async def told_by(office: Office) -> dict[str, str]:
    """Whom the changes since the last call told what: the first words of each subject."""
    office.mail.forget()
    await office.work()
    messages = [(m.rcpt_tos[0], str(m.message["Subject"]).partition(":")[0]) for m in office.mail.received]
    assert len(dict(messages)) == len(messages), messages
    return dict(messages)


def methods(office: Office, address: str) -> list[object]:
    """iTIP's METHOD of the last message to this address, or none."""
    last = [received.message for received in office.mail.received if received.rcpt_tos[0] == address][-1]
    return [part.get_param("method") for part in last.walk() if part.get_content_type() == "text/calendar"]


def words_to(office: Office, address: str) -> str:
    """Every text of every message to this address, its calendar files unfolded."""
    messages = [received.message for received in office.mail.received if received.rcpt_tos[0] == address]
    texts = [part.get_payload(decode=True) for message in messages for part in message.walk()]
    return b"".join(text for text in texts if isinstance(text, bytes)).decode().replace("\r\n ", "")


async def answered(office: Office, request_id: UUID, side: str, *, yes: bool = True) -> None:
    word = Word(side="host" if side == "host" else "attendee", actor=Actor(kind="host", name="Dr. Weiß"))
    async with office.pool.connection() as connection:
        if yes:
            await confirm(connection, office.company.company_id, request_id, word, office.now)
        else:
            await decline(connection, office.company.company_id, request_id, word, "full", office.now)


async def test_an_attendee_is_asked_to_opt_in_and_nobody_else_hears_of_it_before(office: Office) -> None:
    await office.set_type(meeting_options={"doubleOptIn": "enabled"})
    booked = await office.book(attendee=office.attendee(bringalong_emails=("mum@example.net",)))
    assert await told_by(office) == {ANN: "Please confirm"}
    assert methods(office, ANN) == []
    await answered(office, booked.id, "attendee")
    assert await told_by(office) == {ANN: "Booked", "mum@example.net": "Booked", HOST: "Booked"}
    assert methods(office, ANN) == ["REQUEST"]


async def test_a_host_is_asked_to_decide_and_the_attendee_hears_that_it_is_not_settled(office: Office) -> None:
    await office.set_type(meeting_options={"requireHostConfirmation": "enabled"})
    booked = await office.book()
    assert await told_by(office) == {ANN: "Awaiting confirmation", HOST: "Please decide"}
    await answered(office, booked.id, "host", yes=False)
    assert await told_by(office) == {ANN: "Declined"}


async def test_a_question_is_asked_even_where_the_booking_is_muted(office: Office) -> None:
    await office.set_type(meeting_options={"doubleOptIn": "enabled"})
    await office.book(notify="none")
    assert await told_by(office) == {ANN: "Please confirm"}


async def test_an_attendee_hears_that_nobody_confirmed_in_time(office: Office) -> None:
    await office.set_type(meeting_options={"requireHostConfirmation": "enabled"})
    await office.book()
    await told_by(office)
    office.now += minutes(60 * 24)
    await expire_requests(office.outward)
    assert await told_by(office) == {ANN: "Not confirmed in time"}


async def test_a_request_makes_no_contact_no_event_and_no_webhook_until_it_is_confirmed(office: Office) -> None:
    await office.add_endpoint("booking_created")
    await office.set_type(meeting_options={"requireHostConfirmation": "enabled"})
    booked = await office.book()
    await office.work()
    assert {effect.kind for effect in await office.effects(booked.id)} == {"email"}
    await answered(office, booked.id, "host")
    await office.work()
    assert {effect.kind for effect in await office.effects(booked.id)} == {"email", "crm", "webhook"}
    assert len(office.receiver.received) == 1


async def test_who_joined_before_the_first_booking_was_told_is_told_once_all_the_same(office: Office) -> None:
    await office.set_type(meeting_info=CLASS, spots=3)
    await office.book()
    await office.book(attendee=office.attendee(email=BOB, fullname="Bob"))
    await office.work()
    assert [m.rcpt_tos[0] for m in office.mail.received].count(BOB) == 1


async def test_who_joins_a_group_is_invited_and_the_others_are_left_in_peace(office: Office) -> None:
    await office.set_type(meeting_info=CLASS, spots=3)
    await office.book()
    await told_by(office)
    await office.book(attendee=office.attendee(email=BOB, fullname="Bob"))
    assert await told_by(office) == {BOB: "Booked", HOST: "New participant"}


async def test_who_attends_a_group_learns_of_no_other_who_does(office: Office) -> None:
    await office.set_type(meeting_info=CLASS, spots=3)
    booked = await office.book()
    await office.book(
        attendee=office.attendee(email=BOB, fullname="Bob Beispiel", bringalong_emails=("kid@example.net",))
    )
    await office.move(booked.id, MONDAY + minutes(60))
    await office.cancel(booked.id, cancel_all=True)
    await office.work()
    names = {"ann@example.org", BOB, "kid@example.net", "Bob Beispiel"}
    of_bobs = names - {"ann@example.org"}
    read = {
        who: {name for name in names if name in words_to(office, who)} for who in (ANN, BOB, "kid@example.net", HOST)
    }
    assert read == {ANN: {ANN}, BOB: of_bobs, "kid@example.net": of_bobs, HOST: names}


async def test_who_leaves_a_group_is_uninvited_alone_and_the_group_goes_on(office: Office) -> None:
    await office.add_endpoint("booking_cancelled")
    await office.set_type(meeting_info=CLASS, spots=3)
    await office.book()
    joined = await office.book(attendee=office.attendee(email=BOB, fullname="Bob"))
    await office.work()
    office.mail.forget()
    bob = next(attendee for attendee in joined.attendees if attendee.email == BOB)
    left = await office.cancel(joined.id, attendee_id=bob.id)
    assert left.appointment.cancellation is None
    assert await told_by(office) == {BOB: "Cancelled", HOST: "Participant left"}
    assert methods(office, BOB) == ["CANCEL"]
    [received] = office.receiver.received
    told = json.loads(received.body)
    assert (told["attendeeId"], told["isCancelled"]) == (str(bob.id), False)
    await office.book(attendee=office.attendee(email="carl@example.org"))


async def test_when_the_last_one_leaves_the_group_is_cancelled(office: Office) -> None:
    await office.set_type(meeting_info=CLASS, spots=3)
    booked = await office.book()
    await office.cancel(booked.id, attendee_id=booked.attendees[0].id)
    assert (await office.get(booked.id)).appointment.status == "cancelled"


async def test_a_guest_who_is_added_is_invited_once_and_moves_with_the_others(office: Office) -> None:
    booked = await office.book()
    await told_by(office)
    await office.add_guest(booked, "mum@example.net")
    assert await told_by(office) == {"mum@example.net": "Booked"}
    await office.add_guest(booked, "MUM@example.net")
    assert await told_by(office) == {}
    await office.move(booked.id, MONDAY + minutes(60))
    assert set(await told_by(office)) == {ANN, "mum@example.net", HOST}


async def test_a_hand_off_tells_the_attendee_the_new_host_and_the_old_one(office: Office) -> None:
    new = await office.add_host()
    [(address,)] = await office.rows(
        "SELECT email FROM users WHERE company_id = %(company_id)s AND id = %(id)s", id=new
    )
    booked = await office.book()
    await told_by(office)
    handed = await office.hand_off(booked.id, new)
    assert [host.id for host in handed.appointment.hosts] == [new]
    assert await told_by(office) == {ANN: "New host", address: "Booked", HOST: "Handed over"}
    assert (methods(office, ANN), methods(office, HOST)) == (["REQUEST"], ["CANCEL"])


@pytest.mark.parametrize("change", ["guest", "hand-off"])
async def test_a_planned_reminder_outlives_changes_that_are_not_about_time(office: Office, change: str) -> None:
    booked = await office.book(notify="none")
    if change == "guest":
        await office.add_guest(booked, "mum@example.net")
    else:
        await office.hand_off(booked.id, await office.add_host())
    await told_by(office)
    office.now = MONDAY - minutes(60 * 24)
    await office.remind()
    assert set((await told_by(office)).values()) == {"Reminder"}
