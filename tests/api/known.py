"""What exists in a company, to be put in place of what a test generates: by path, and by member of a body or query."""

import json
import re
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import schemathesis

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.appointments.bulk import BulkMove
from slotkeeper.appointments.proposals.proposal import Side
from slotkeeper.appointments.reschedule_bulk import start_job
from tests.api.conftest import bearer
from tests.api.known_crm import known_crm
from tests.support.desk import Desk


class Known:
    def __init__(
        self,
        ids: Mapping[str, str],
        members: Mapping[str, Any],
        special: Mapping[str, Mapping[str, Any]],
        headers: dict[str, str],
    ) -> None:
        """``special``: members that mean something else in one path."""
        self.ids = ids
        self.members = members
        self.special = special
        self.headers = headers

    def put_into(self, case: schemathesis.Case[Any]) -> None:
        """Some of it into each request; which, depends on what was generated, so that it is the same every time."""
        drawn = zlib.crc32(json.dumps([case.path_parameters, case.body, case.query], default=repr).encode())
        if drawn % 4 and case.path_parameters:
            case.path_parameters.update(self._ids_for(case.path))
        members = {**self.members, **self.special.get(case.path, {})}
        for given in (case.body, case.query):
            if isinstance(given, dict):
                known = [name for name in members if name in given and zlib.crc32(name.encode(), drawn) & 3]
                given.update({name: members[name] for name in known})
        case.query = {name: value for name, value in (case.query or {}).items() if value is not None}

    def _ids_for(self, path: str) -> dict[str, str]:
        """An id is that of the collection that stands before it in the path; proposals are another attendee's."""
        found = {}
        for collection, name in _PARAMETER.findall(path):
            known = self.ids.get(name) or self.ids.get(collection)
            if known is not None:
                found[name] = self.ids["secret of who talks"] if name == "secret" and "/proposals" in path else known
        return found


async def everything_of(company: Bootstrapped, desk: Desk, url: str, proposal_of: Side = "attendee") -> Known:
    """One of each thing there can be."""
    headers = bearer(company.api_key, company.user_id)  # a personal token may not change users
    members = members_for(company)
    async with httpx.AsyncClient(base_url=url, headers=headers) as client:
        ids = await _made_over_http(client, company, members)
        moved = {"start": working_hour(12).isoformat(), "ignoreAvailability": True}
        shown = (await client.post(f"/v4/appointment/{ids['appointment']}/reschedule", json=moved)).json()
        members["attendeeId"] = shown["appointment"]["attendeeIds"][0]
        ids["secret of who talks"] = shown["appointment"]["attendees"][0]["secret"]
        side = ids["appointment"] if proposal_of == "host" else f"by-secret/{ids['secret of who talks']}"
        proposed = await client.post(f"/v4/appointment/{side}/proposals", json={"starts": members["starts"]})
        ids["proposalId"] = proposed.json()["id"]
        held = await client.post("/v4/hold", json={**members, "start": working_hour(9).isoformat()})
        ids["hold"] = held.json()["holdId"]
    ids["provisional-booking"] = await _request_of(desk, "requireHostConfirmation", working_hour(11))
    asked = await _request_of(desk, "doubleOptIn", working_hour(11) + timedelta(minutes=30))
    ids["secret"] = await _secret_of(asked, url, headers)
    bulk = BulkMove(appointment_ids=(UUID(ids["appointment"]),))
    ids["jobId"] = str(await start_job(desk.pool, desk.caller, bulk, [], desk.now))
    await desk.execute(_EFFECT, id=ids["effectId"], appointment_id=ids["appointment"])
    handed = {"appointmentId": ids["appointment"], "userId": str(await desk.add_host()), "fromUserId": None}
    special: dict[str, dict[str, Any]] = {
        "/v4/handoff/appointment": handed,
        "/v4/queue-user-group": {"queueId": ids["queue"]},
    }
    return Known(ids, {**members, "email": "new@example.com"}, special, headers)


async def everything_in_crm(company: Bootstrapped, url: str) -> Known:
    headers = bearer(company.token)
    async with httpx.AsyncClient(base_url=url, headers=headers) as client:
        booked = {**members_for(company), "start": working_hour(13).isoformat()}
        assert (await client.post("/v4/booking", json=booked)).status_code == 201
        ids, members = await known_crm(client)
    of_a_contact = dict.fromkeys(("dealId", "crmCompanyId", "outcome", "durationSeconds"))
    return Known(ids, {**members_for(company), **members}, {"/crm/communications": of_a_contact}, headers)


async def _made_over_http(
    client: httpx.AsyncClient, company: Bootstrapped, members: Mapping[str, Any]
) -> dict[str, str]:
    ids = {
        "meeting-type": str(company.meeting_type_id),
        "meetingTypeId": str(company.meeting_type_id),
        "effectId": str(uuid4()),
        "workspaceId": str(uuid4()),
        "provider": "caldav",
    }
    queue = await client.patch(
        f"/v4/queue/meeting-type/{company.meeting_type_id}", json={"userId": str(company.user_id)}
    )
    ids["queue"] = ids["queueId"] = queue.json()["id"]
    group = await client.post("/v4/queue-user-group", json={"queueId": ids["queue"], "name": "Team"})
    ids["queue-user-group"] = ids["groupId"] = group.json()["id"]
    for path, member in MADE:
        body = {**members, "start": working_hour(8 if path == "/v4/booking" else 13).isoformat()}  # 13: not at work
        answer = await client.post(path.format(**ids), json=body)
        assert answer.status_code == 201, f"{path}: {answer.text}"
        ids[path.partition("/create")[0].rpartition("/")[2]] = str(answer.json()[member])
    ids["appointment"] = ids["booking"]
    return ids


async def _request_of(desk: Desk, option: str, start: datetime) -> str:
    """A booking that waits for its host, or its attendee."""
    desk.now = datetime.now(UTC)
    await desk.set_type(meeting_options={option: "enabled"})
    booked = await desk.book(start)
    await desk.set_type(meeting_options={})
    return str(booked.id)


async def _secret_of(appointment: str, url: str, headers: dict[str, str]) -> str:
    """Of its attendee."""
    async with httpx.AsyncClient(base_url=url, headers=headers) as client:
        shown = (await client.get(f"/v4/appointment/{appointment}")).json()
    return str(shown["attendees"][0]["secret"])


def working_hour(hour: int) -> datetime:
    """On a Monday in one to two weeks, within the company's hours."""
    now = datetime.now(UTC)
    monday = now + timedelta(days=14 - now.weekday())
    return monday.replace(hour=hour, minute=0, second=0, microsecond=0)


def members_for(company: Bootstrapped) -> dict[str, Any]:
    """Values that are right, by the names that bodies and queries have for them."""
    return {
        "meetingTypeId": str(company.meeting_type_id),
        "start": working_hour(10).isoformat(),
        "starts": [working_hour(10).isoformat()],
        "end": (working_hour(10) + timedelta(days=1)).isoformat(),
        "attendee": {"email": "ann@example.org"},
        "hostIds": [str(company.user_id)],
        "duration": 30,
        "meetingDuration": 30,
        "existingAppointmentId": None,
        "ignoreAvailability": True,
        "endpoint": "http://127.0.0.1:9/hook",
        "eventTypes": ["booking_created"],
        "provider": "acme",
        "credentials": {"password": "right"},
        "userId": str(company.user_id),
        "name": "Evenings",
        "timezone": "Europe/Berlin",
        "email": "colleague@example.com",
        "givenName": "Bo",
        "familyName": "Example",
        "slug": "bo",
        "availability": None,
        **dict.fromkeys(("templateId", "availabilityId")),
        "meetingType": None,
        "ownerType": "user",
        "ownerId": None,
        "germanState": None,
        "meetingInfo": {"name": "Talk"},
    }


MADE = (
    ("/webhooks", "id"),
    ("/connections", "id"),
    ("/v4/booking", "appointmentId"),
    ("/v4/availability", "id"),
    ("/v4/availability-exception", "id"),
    ("/v4/user", "userId"),
    ("/v4/meeting-type-template/create", "id"),
    ("/v4/one-time-booking-link/create/{meetingTypeId}", "id"),
)
"""What a POST makes, and the member of its answer that is the id."""

_PARAMETER = re.compile(r"([\w-]+)/\{(\w+)\}")

_EFFECT = """
    INSERT INTO effects (company_id, id, appointment_id, sequence, kind, target, state, error_code)
    VALUES (%(company_id)s, %(id)s, %(appointment_id)s, 0, 'email', 'ann@example.org', 'needs_person', 'no_address')
"""
