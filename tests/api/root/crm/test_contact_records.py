"""What hangs on a contact, appointments and answers included, as a real worker writes them."""

from typing import Any

import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.records.appointment import Appointment
from tests.api.root.crm.conftest import Crm
from tests.side_effects.conftest import mail_server, office, webhook_receiver
from tests.support.desk import MONDAY, NOW, minutes
from tests.support.office import Office

__all__ = ["mail_server", "office", "webhook_receiver"]


async def booked(office: Office, **attendee: Any) -> Appointment:
    appointment = await office.book(attendee=office.attendee(**attendee))
    await office.work()
    return appointment


async def test_a_booking_is_a_contact_with_an_appointment_and_answers(crm: Crm, office: Office) -> None:
    appointment = await booked(office, notes={"Budget?": "1000"})
    [attendee] = appointment.attendees
    [row] = (await crm.get("/crm"))["result"]
    [meeting] = row["appointments"]
    assert (meeting["id"], meeting["attendeeId"]) == (str(appointment.id), str(attendee.id))
    assert (meeting["title"], meeting["isCancelled"]) == ("30-minute meeting", False)
    by_contact = await crm.get("/crm/details", contactId=row["id"])
    assert by_contact["appointments"] == row["appointments"]
    assert [(a["attendeeId"], a["answers"]) for a in by_contact["formAnswers"]] == [
        (str(attendee.id), {"Budget?": "1000"})
    ]
    assert await crm.get("/crm/details", attendeeId=str(attendee.id)) == by_contact


async def test_an_attendee_is_found_by_address_before_the_worker_came(crm: Crm, office: Office) -> None:
    contact = await crm.contact()
    appointment = await office.book()
    details = await crm.get("/crm/details", attendeeId=str(appointment.attendees[0].id))
    assert details["item"]["id"] == contact["id"]


async def test_an_attendee_and_a_contact_that_are_not_the_same_are_not_found(crm: Crm, office: Office) -> None:
    appointment = await booked(office)
    other = await crm.contact(email="bob@example.org")
    path = f"/crm/details?contactId={other['id']}&attendeeId={appointment.attendees[0].id}"
    assert (await crm.refused("GET", path))[0] == 404


async def test_of_a_contact_that_was_deleted_and_came_back_the_attendee_is_the_new_one(
    crm: Crm, office: Office
) -> None:
    appointment = await booked(office)
    [old] = (await crm.get("/crm"))["result"]
    await crm.delete(f"/crm/{old['id']}")
    await office.move(appointment.id, MONDAY + minutes(60))
    await office.work()
    details = await crm.get("/crm/details", attendeeId=str(appointment.attendees[0].id))
    assert details["item"]["id"] != old["id"]
    assert [meeting["id"] for meeting in details["appointments"]] == [str(appointment.id)]


@pytest.fixture
async def busy_contact(crm: Crm, office: Office) -> Any:
    """With one of each kind of entry, half of them on a deal."""
    await booked(office, notes={"Budget?": "1000"})
    [row] = (await crm.get("/crm"))["result"]
    deal = await crm.deal(contactId=row["id"])
    await crm.post("/crm/notes", content="Called", contactId=row["id"])
    await crm.post("/crm/notes", content="Offer is out", dealId=deal["id"])
    await crm.task(title="Call again", dealId=deal["id"])
    await crm.communication(type="email", subject="Your offer", contactId=row["id"])
    await crm.communication(type="call", outcome="voicemail", dealId=deal["id"])
    return row["item"]


async def test_a_timeline_has_everything_newest_first(crm: Crm, busy_contact: Any) -> None:
    items = (await crm.get(f"/crm/contacts/{busy_contact['id']}/activity"))["items"]
    kinds = sorted(item["type"] for item in items)
    assert kinds == ["communication", "email", "form", "meeting", "note", "note", "task"]
    times = [item["occurredAt"] for item in items]
    assert times == sorted(times, reverse=True)
    on_the_deal = {item["title"] for item in items if item["deal"]}
    assert on_the_deal == {"Offer is out", "Call again", "call"}
    meeting = next(item for item in items if item["type"] == "meeting")
    assert (meeting["status"], meeting["title"]) == ("scheduled", "30-minute meeting")


@pytest.mark.parametrize(
    ("types", "kinds"),
    [
        pytest.param("note", {"note"}, id="one"),
        pytest.param("note,task", {"note", "task"}, id="two with a comma"),
        pytest.param(["meeting", "form"], {"meeting", "form"}, id="two repeated"),
        pytest.param("conversation", set(), id="one that is never kept"),
    ],
)
async def test_a_timeline_shows_the_types_that_are_asked(
    crm: Crm, busy_contact: Any, types: Any, kinds: set[str]
) -> None:
    found = await crm.get(f"/crm/contacts/{busy_contact['id']}/activity", types=types)
    assert {item["type"] for item in found["items"]} == kinds


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
async def test_the_pages_of_a_timeline_are_the_timeline(crm: Crm, busy_contact: Any, limit: int) -> None:
    path = f"/crm/contacts/{busy_contact['id']}/activity"
    whole = (await crm.get(path))["items"]
    paged: list[Any] = []
    cursor = None
    for _ in whole:
        page = await crm.get(path, limit=limit, **({"cursor": cursor} if cursor else {}))
        paged += page["items"]
        assert page["hasMore"] == (page["nextCursor"] is not None)
        cursor = page["nextCursor"]
        if not page["hasMore"]:
            break
    assert paged == whole


@pytest.mark.parametrize(("query", "field"), [("types=meal", "types"), ("cursor=x", "cursor"), ("limit=51", "limit")])
async def test_what_a_timeline_cannot_show_is_refused(crm: Crm, query: str, field: str) -> None:
    contact = await crm.contact()
    path = f"/crm/contacts/{contact['id']}/activity?{query}"
    assert await crm.refused("GET", path) == (400, "malformed-request", [field])


async def test_what_hangs_on_a_deleted_deal_alone_is_in_no_timeline(crm: Crm) -> None:
    contact = await crm.contact()
    deal = await crm.deal(contactId=contact["id"])
    await crm.post("/crm/notes", content="Gone", dealId=deal["id"])
    await crm.communication(dealId=deal["id"])
    task = await crm.task(dealId=deal["id"], contactId=contact["id"])
    await crm.delete(f"/crm/deals/{deal['id']}")
    [entry] = (await crm.get(f"/crm/contacts/{contact['id']}/activity"))["items"]
    assert (entry["id"], entry["deal"]) == (task["id"], None)
    assert await crm.get("/crm/communications", contactId=contact["id"]) == []


async def test_e_mails_are_those_that_were_logged(crm: Crm, busy_contact: Any) -> None:
    found = await crm.get(f"/crm/contacts/{busy_contact['id']}/emails")
    [mail] = found["data"]
    assert (found["total"], mail["subject"], mail["direction"]) == (1, "Your offer", "outbound")
    assert (mail["fromEmail"], mail["toEmails"]) == ("host@example.com", ["ann@example.org"])
    assert await crm.get(f"/crm/emails/{mail['id']}/body") == {"html": None, "text": "Hello", "attachments": []}
    assert (await crm.get(f"/crm/contacts/{busy_contact['id']}/emails", offset=1))["data"] == []


async def test_a_call_is_no_e_mail(crm: Crm) -> None:
    contact = await crm.contact()
    call = await crm.communication(contactId=contact["id"])
    assert (await crm.refused("GET", f"/crm/emails/{call['id']}/body"))[0] == 404


async def test_no_mailbox_and_no_attachments_are_kept(crm: Crm) -> None:
    contact = await crm.contact()
    assert await crm.get("/crm/emails/send-capability") == {"canSend": False, "provider": None}
    assert await crm.get(f"/crm/contacts/{contact['id']}/attachments") == []


async def test_an_owner_is_named_on_the_timeline(crm: Crm, company: Bootstrapped) -> None:
    contact = await crm.contact()
    await crm.task(contactId=contact["id"], title="Mine", dueDate=NOW.isoformat())
    [entry] = (await crm.get(f"/crm/contacts/{contact['id']}/activity"))["items"]
    assert entry["owner"] == {"id": str(company.user_id), "fullName": "host"}
    assert entry["status"] == "open"
