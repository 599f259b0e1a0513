"""What people and programs hold on to keeps its identity and its meaning: invariants 2, 3 and 6."""

import re
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from tests.api.conftest import Opened, built, opened
from tests.api.v4.conftest import Api
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office

__all__ = ["built", "opened"]


@pytest.fixture
async def api(office: Office, opened: Opened) -> Api:
    return Api(await opened(clock=lambda: office.now), office.company)


async def test_id_secret_uid_join_link_and_crm_keys_are_the_same_after_ten_moves(office: Office, api: Api) -> None:
    await office.set_type(meeting_info={"name": "Call", "duration": 30, "channel": "jitsi"})
    booked = await office.book()
    await office.work()
    before = await _held(office, api, booked.id)
    assert all(before.values())
    for n in range(1, 11):
        assert (await api.move(str(booked.id), (MONDAY + minutes(15 * n)).isoformat())).status_code == 200
        await office.work()
    assert await _held(office, api, booked.id) == before


async def _held(office: Office, api: Api, appointment_id: UUID) -> dict[str, Any]:
    shown = (await api.client.get(f"/v4/appointment/{appointment_id}")).json()
    event = Calendar.from_ical(shown["ics"]).walk("VEVENT")[0]
    return {
        "id": shown["id"],
        "secrets": [shown["secret"], *(attendee["secret"] for attendee in shown["attendees"])],
        "UID": str(event["UID"]),
        "join link": str(event["URL"]),
        "CRM keys": await office.rows(_REFS),
        "contacts": await office.rows("SELECT id FROM crm_contacts WHERE company_id = %(company_id)s"),
        "activities": await office.rows("SELECT id FROM crm_activities WHERE company_id = %(company_id)s"),
    }


async def test_every_link_that_was_ever_mailed_opens_the_present_state_of_the_appointment(
    office: Office, api: Api
) -> None:
    booked = await office.book()
    await office.work()
    assert await _pages(office, api) == {"Confirmed 2037-12-07T09:00:00+00:00"}
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert await _pages(office, api) == {"Confirmed 2037-12-07T10:00:00+00:00"}
    office.now = MONDAY + minutes(5)
    assert await office.remind() == 2
    await office.work()
    await office.cancel(booked.id)
    await office.work()
    assert len(office.mail.to("ann@example.org")) == 4
    assert await _pages(office, api) == {"Cancelled 2037-12-07T10:00:00+00:00"}


async def _pages(office: Office, api: Api) -> set[str]:
    """What the pages say that the links in all of the attendee's mails lead to: state and start."""
    links = [_link_in(message.get_body(("plain",))) for message in office.mail.to("ann@example.org")]
    assert links
    pages = [await api.client.get(link.removeprefix(office.settings.public_url)) for link in links]
    return {" ".join(re.findall(r'(?<=>)(?:Confirmed|Cancelled)|(?<=datetime=")[^"]*', page.text)) for page in pages}


def _link_in(body: Any) -> str:
    [link] = re.findall(r"https://termine\.example\.com/a/\S+", body.get_content())
    return str(link)


async def test_the_same_start_is_no_change_200_without_message_or_effect_and_the_sequence_as_before(
    office: Office, api: Api
) -> None:
    await office.add_endpoint("booking_created", "booking_rescheduled")
    booked = await office.book()
    await office.work()
    before = await _caused(office, booked.id)
    answer = await api.move(str(booked.id), booked.start.isoformat())
    await office.work()
    assert (answer.status_code, answer.json()["previousStart"]) == (200, answer.json()["appointment"]["start"])
    assert answer.headers["etag"] == '"1"'
    assert "SEQUENCE:0\r\n" in answer.json()["appointment"]["ics"]
    assert await _caused(office, booked.id) == before


async def _caused(office: Office, appointment_id: UUID) -> list[object]:
    return [
        await office.effects(appointment_id),
        len(office.mail.received),
        len(office.receiver.received),
        await office.rows("SELECT count(*) FROM procrastinate_jobs"),
        await office.rows("SELECT a::text FROM appointments a WHERE company_id = %(company_id)s"),
        await office.rows("SELECT r::text FROM reminders r WHERE company_id = %(company_id)s ORDER BY 1"),
    ]


_REFS = """
    SELECT provider, record, external_id FROM external_refs
    WHERE company_id = %(company_id)s AND external_id IS NOT NULL ORDER BY 1, 2
"""
