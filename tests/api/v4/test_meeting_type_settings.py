"""Settings of a meeting type that bring rows of their own, or secrets: schedules, resources, passwords, notes."""

from typing import Any
from uuid import uuid4

import pytest

from slotkeeper.accounts.bootstrap import bootstrap
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault, password_is_right
from tests.api.v4.conftest import Api
from tests.api.v4.meeting_type_requests import INTRO, PATH, create, patch
from tests.support.desk import Desk

NINE_TO_TEN = {"monday": {"enabled": True, "hours": [{"start": "09:00", "end": "10:00"}]}}


async def test_a_schedule_that_is_given_with_the_type_is_the_owners_and_decides_when_it_is_free(
    api: Api, desk: Desk
) -> None:
    early = {"available": True, "start": "2037-12-07T05:00:00Z", "end": "2037-12-07T06:00:00Z"}
    schedule = {"name": "One hour", "timezone": "Europe/Berlin", "schedule": NINE_TO_TEN, "exceptions": [early]}
    created = await create(api, availability=schedule)
    other = await create(api)
    assert await _statuses(api, other["id"], ["2037-12-07T05:00:00Z", "2037-12-07T10:00:00Z"]) == [409, 201]
    starts = ["2037-12-07T08:00:00Z", "2037-12-07T09:00:00Z", "2037-12-07T05:00:00Z"]
    assert await _statuses(api, created["id"], starts) == [201, 409, 201]
    rows = await desk.rows(
        "SELECT user_id, name, is_default FROM availabilities WHERE company_id = %(company_id)s AND id = %(id)s",
        id=created["availabilityId"],
    )
    assert rows == [(api.company.user_id, "One hour", False)]


async def test_a_schedule_without_days_is_open_during_its_exceptions_only(api: Api) -> None:
    evening = {"available": True, "start": "2037-12-07T18:00:00Z", "end": "2037-12-07T20:00:00Z"}
    created = await create(api, availability={"name": "x", "timezone": "Europe/Berlin", "exceptions": [evening]})
    starts = ["2037-12-07T09:00:00Z", "2037-12-07T18:00:00Z"]
    assert await _statuses(api, created["id"], starts) == [409, 201]


async def _statuses(api: Api, meeting_type: str, starts: list[str]) -> list[int]:
    body = {"meetingTypeId": meeting_type, "attendee": {"email": "ann@example.org"}}
    return [(await api.client.post("/v4/booking", json={**body, "start": start})).status_code for start in starts]


async def test_a_channel_may_bring_a_schedule_of_its_own(api: Api) -> None:
    schedule = {"name": "Calls", "timezone": "Europe/Berlin", "schedule": NINE_TO_TEN}
    created = await create(api, meetingOptions={"channelAvailabilities": {"zoom": schedule}})
    by_channel = created["meetingOptions"]["channelAvailabilities"]
    again = await create(api, meetingOptions={"channelAvailabilities": {"phone": by_channel["zoom"]}})
    assert again["meetingOptions"]["channelAvailabilities"] == {"phone": by_channel["zoom"]}
    cleared = await patch(api, created["id"], meetingOptions={"channelAvailabilities": {"zoom": None}})
    assert cleared.json()["meetingOptions"]["channelAvailabilities"] == {}


@pytest.mark.parametrize("whose", ["unknown", "another company's", "a colleague's"])
@pytest.mark.parametrize("field", ["availabilityId", "meetingOptions.channelAvailabilities.zoom"])
async def test_somebody_elses_schedule_is_refused_like_an_unknown_one(
    api: Api, desk: Desk, connection: Connection, vault: Vault, whose: str, field: str
) -> None:
    if whose == "unknown":
        schedule = str(uuid4())
    elif whose == "a colleague's":
        colleague = await desk.add_host()
        [[schedule]] = await desk.rows("SELECT id::text FROM availabilities WHERE user_id = %(id)s", id=colleague)
    else:
        other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
        [[schedule]] = await desk.rows("SELECT id::text FROM availabilities WHERE user_id = %(id)s", id=other.user_id)
    options = {"meetingOptions": {"channelAvailabilities": {"zoom": schedule}}}
    members = {"availabilityId": schedule} if field == "availabilityId" else options
    answers = [
        await api.client.post(PATH, json={**INTRO, **members}),
        await patch(api, str(api.company.meeting_type_id), **members),
    ]
    expected = [{"field": field, "message": "must name an availability of the meeting type's owner"}]
    assert [(answer.status_code, answer.json()["errors"]) for answer in answers] == [(400, expected)] * 2


async def test_a_resource_that_stays_keeps_the_id_of_its_channel(api: Api, desk: Desk) -> None:
    room = {"resourceId": str(await desk.add_host()), "name": "Room 1"}
    created = await create(api, resourceChannels=[room])
    renamed = [{**room, "name": "Room 2", "groupName": "Rooms"}]
    edited = (await patch(api, created["id"], resourceChannels=renamed)).json()
    assert edited["resourceChannelIds"] == created["resourceChannelIds"]
    assert edited["resourceChannels"][0]["groupName"] == "Rooms"


@pytest.mark.parametrize("whose", ["nobody's", "another company's"])
async def test_a_resource_and_its_schedule_must_be_the_companys(
    api: Api, desk: Desk, connection: Connection, vault: Vault, whose: str
) -> None:
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    [[theirs]] = await desk.rows("SELECT id::text FROM availabilities WHERE user_id = %(id)s", id=other.user_id)
    user, schedule = (uuid4(), uuid4()) if whose == "nobody's" else (other.user_id, theirs)
    for wrong, field in (
        ({"resourceId": str(user)}, "resourceId"),
        ({"resourceId": str(api.company.user_id), "availabilityId": str(schedule)}, "availabilityId"),
    ):
        answer = await patch(api, str(api.company.meeting_type_id), resourceChannels=[wrong])
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, f"resourceChannels[0].{field}")


async def test_a_password_is_stored_hashed_kept_through_edits_and_forgotten_when_switched_off(
    api: Api, desk: Desk
) -> None:
    def page(**members: Any) -> dict[str, Any]:
        return {"bookingPagePassword": members}

    async def stored() -> str | None:
        [[found]] = await desk.rows(
            "SELECT booking_password_hash FROM meeting_types WHERE company_id = %(company_id)s AND id = %(id)s",
            id=created["id"],
        )
        return found  # type: ignore[no-any-return] # rows are of any type

    created = await create(api, meetingOptions=page(enable=True, password="Löwenzahn"))
    assert "Löwenzahn" not in str(created)
    assert password_is_right("Löwenzahn", await stored() or "")
    sent_back = await patch(api, created["id"], meetingOptions=created["meetingOptions"], spots=2)
    assert sent_back.json()["meetingOptions"] == created["meetingOptions"]
    assert password_is_right("Löwenzahn", await stored() or "")
    assert (await patch(api, created["id"], meetingOptions=page(password="Distel"))).status_code == 200
    assert password_is_right("Distel", await stored() or "")
    assert (await patch(api, created["id"], meetingOptions=page(enable=False, password=""))).status_code == 200
    assert await stored() is None
    bare = await patch(api, created["id"], meetingOptions=page(enable=True))
    assert bare.json()["errors"][0]["field"] == "meetingOptions.bookingPagePassword.password"


async def test_internal_notes_are_in_no_answer_about_a_booking(api: Api) -> None:
    await patch(api, str(api.company.meeting_type_id), internalNotes="hush, hush")
    appointment = await api.book()
    shown = await api.client.get(f"/v4/appointment/{appointment}")
    page = await api.client.get(f"/a/{shown.json()['attendees'][0]['secret']}")
    assert (shown.status_code, page.status_code) == (200, 200)
    assert "hush" not in shown.text + page.text
