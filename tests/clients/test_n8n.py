"""The n8n node: arrays with commas, options that were left empty, and no body at all where nothing is set in it."""

from typing import Any

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from tests.clients import shapes
from tests.clients.program import Program, in_days, in_javascript

BOOKED = {"receiveReminders": True, "notes": {}}


class N8n(Program):
    async def send(self, method: str, path: str, query: Any = None, body: Any = None) -> httpx.Response:
        """Its HTTP helper drops an empty object, and names the content type only of what it sends."""
        self.headers = {**self.plain, "content-type": "application/json"} if body else self.plain
        return await super().send(method, path, query, body or None)

    @property
    def plain(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.company.token}", "Accept": "application/json"}

    async def many(self, path: str, size_name: str, rows: str, page: int, limit: int) -> list[str]:
        """Every id, by a constant page size, until a page is short; a page without a new one is an error."""
        seen: list[str] = []
        while len(seen) < limit:
            answer = (await self.send("GET", path, {"page": page, size_name: min(100, limit)})).json()
            ids = [row.get("item", row)["id"] for row in answer[rows]]
            new = [one for one in ids if one not in seen]
            assert new or not ids, "a page was repeated"
            seen += new
            if len(ids) < min(100, limit) or len(seen) >= answer["total"]:
                break
            page += 1
        return seen[:limit]


@pytest.fixture
def n8n(http: httpx.AsyncClient, company: Bootstrapped) -> N8n:
    return N8n(http, company, {})


async def free(n8n: N8n, **options: str) -> list[str]:
    window = {"start": in_javascript(in_days(1)), "end": in_javascript(in_days(9))}
    query = {"meetingTypeId": n8n.meeting_type_id, **window, **options}
    return (await n8n.ask(shapes.Availability, "GET", "/v4/booking-availability", query)).starts


async def book(n8n: N8n, start: str, email: str = "ann@example.org") -> str:
    attendee = {"email": email, "fullname": "Ann Example", **BOOKED, "timezone": "Europe/Berlin"}
    body = {"meetingTypeId": n8n.meeting_type_id, "start": start, "hostIds": [n8n.user_id], "attendee": attendee}
    return (await n8n.ask(shapes.Booked, "POST", "/v4/booking", body=body)).appointment_id


async def test_its_credential_is_tried_with_the_meeting_types(n8n: N8n) -> None:
    [listed] = await n8n.ask(list[shapes.MeetingType], "GET", "/v4/meeting-type")
    assert listed.meeting_info.name
    assert (await n8n.ask(shapes.MeetingType, "GET", f"/v4/meeting-type/{listed.id}")).id == listed.id


async def test_hosts_come_with_commas_and_a_queue_that_nobody_filled_in_is_none(n8n: N8n) -> None:
    starts = await free(n8n, hostIds=f"{n8n.user_id},{n8n.user_id}", queueId="", timezone="Europe/Berlin")
    assert starts == await free(n8n)


async def test_an_appointment_is_booked_moved_and_cancelled_without_a_body(n8n: N8n) -> None:
    first, second, *_ = await free(n8n)
    booked = await book(n8n, first)
    one = f"/v4/appointment/{booked}"
    moved = await n8n.ask(shapes.Moved, "POST", f"{one}/reschedule", body={"start": second})
    assert moved.appointment.id == booked
    assert (await n8n.ask(shapes.Appointment, "POST", f"{one}/cancel", body={})).cancelled
    assert (await n8n.ask(shapes.Appointment, "GET", one)).cancelled


async def test_it_pages_through_appointments_from_page_0_and_contacts_from_page_1(n8n: N8n) -> None:
    starts = await free(n8n)
    booked = {await book(n8n, start, f"{number}@example.org") for number, start in enumerate(starts[:6:2])}
    found = await n8n.many("/v4/appointment/paginated", "pageSize", "appointments", 0, limit=2)
    assert len(found) == 2
    assert set(await n8n.many("/v4/appointment/paginated", "pageSize", "appointments", 0, limit=1000)) == booked
    for number in range(3):
        await n8n.ask(shapes.ContactItem, "POST", "/crm", body={"email": f"{number}@example.net"})
    assert len(await n8n.many("/crm", "limit", "result", 1, limit=2)) == 2
    assert len(await n8n.many("/crm", "limit", "result", 1, limit=1000)) == 3


async def test_a_contact_is_made_changed_and_read(n8n: N8n) -> None:
    new = {"firstName": "N", "notes": "x", "email": "n8n@example.org"}
    made = (await n8n.ask(shapes.ContactItem, "POST", "/crm", body=new)).item
    await n8n.ask(shapes.Contact, "PATCH", f"/crm/{made.id}", body={"phoneNumber": "+49 30 1"})
    found = await n8n.ask(shapes.ContactItem, "GET", "/crm/details", {"contactId": made.id})
    assert (found.item.phone_number, found.item.notes) == ("+49 30 1", "x")


async def test_its_trigger_makes_finds_and_deletes_its_webhook(n8n: N8n) -> None:
    new = {"endpoint": "https://n8n.example.org/webhook/1", "eventTypes": ["booking_created", "booking_cancelled"]}
    made = await n8n.ask(shapes.Webhook, "POST", "/webhooks", body={**new, "description": "n8n meetergo Trigger"})
    [found] = await n8n.ask(list[shapes.Webhook], "GET", "/webhooks")
    assert (found.id, found.endpoint, set(found.event_types)) == (made.id, new["endpoint"], set(new["eventTypes"]))
    await n8n.do("DELETE", f"/webhooks/{made.id}")
    assert await n8n.ask(list[shapes.Webhook], "GET", "/webhooks") == []
