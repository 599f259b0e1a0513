"""Meeting types over HTTP: what clients send and read, and what an edit leaves alone (invariant 7)."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from tests.api.v4.conftest import Api
from tests.api.v4.meeting_type_requests import INTRO, PATH, create, patch
from tests.api.v4.meeting_type_shapes import CreatedShape, InListOfN8n, LinkShape, MeetingTypeShape
from tests.support.desk import MONDAY, Desk, minutes


async def test_every_field_is_there_with_its_type(api: Api) -> None:
    answer = await api.client.post(PATH, json=INTRO)
    created = msgspec.json.decode(answer.content, type=CreatedShape)
    assert (created.slug, created.meeting_info.duration, created.user_id) == ("intro-call", 45, api.company.user_id)
    one = await api.client.get(f"{PATH}/{created.id}")
    everything = await api.client.get(PATH)
    shown = msgspec.json.decode(everything.content, type=list[MeetingTypeShape])
    assert msgspec.json.decode(one.content, type=MeetingTypeShape) == shown[-1]
    assert {kind.id for kind in shown} == {created.id, api.company.meeting_type_id}
    assert one.json() == answer.json()


async def test_the_list_is_a_bare_array_that_n8n_can_read(api: Api) -> None:
    await create(api)
    listed = msgspec.json.decode((await api.client.get(PATH)).content, type=list[InListOfN8n])
    assert [kind.meeting_info.name for kind in listed] == ["30-minute meeting", "Intro call"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"meetingInfo": {"name": "x"}}, id="a name alone"),
        pytest.param({**INTRO, "spots": 3}, id="the official client's"),
        pytest.param(
            {
                "meetingInfo": {
                    "name": "x",
                    "description": "",
                    "color": None,
                    "redirect": "",
                    "enableRedirect": False,
                    "confirmationButton": {"useConfirmationButton": False, "text": "", "color": "", "link": ""},
                },
                "slug": None,
                "userId": None,
                "availability": None,
                "options": None,
                "unknown": {"a": 1},
            },
            id="boilerplate and unknown members",
        ),
    ],
)
async def test_what_clients_send_is_taken(api: Api, body: dict[str, Any]) -> None:
    answer = await api.client.post(PATH, json=body, headers={"Content-Type": "application/json; charset=utf-8"})
    assert answer.status_code == 201, answer.text


async def test_an_edit_of_nothing_but_the_slug_is_taken(api: Api) -> None:
    created = await create(api)
    answer = await patch(api, created["id"], slug="first-call")
    assert answer.status_code == 200
    page = created["bookingUrl"].replace(created["slug"], "first-call")
    assert answer.json() == {**created, "slug": "first-call", "bookingUrl": page}


async def test_no_body_is_400_where_one_is_needed(api: Api) -> None:
    json = {"Content-Type": "application/json"}
    answers = [
        await api.client.post(PATH, headers=json),
        await api.client.patch(f"{PATH}/{api.company.meeting_type_id}", headers=json),
    ]
    assert [(answer.status_code, answer.json()["message"]) for answer in answers] == [(400, ["body is required"])] * 2


async def test_gets_and_deletes_with_a_json_content_type_and_no_body_work(api: Api) -> None:
    created = await create(api)
    json = {"Content-Type": "application/json"}
    assert (await api.client.get(PATH, headers=json)).status_code == 200
    deleted = await api.client.delete(f"{PATH}/{created['id']}", headers=json)
    assert (deleted.status_code, deleted.content) == (204, b"")


async def test_the_address_of_the_booking_page_is_told(api: Api, desk: Desk) -> None:
    created = await create(api)
    [[slug]] = await desk.rows("SELECT slug FROM users WHERE company_id = %(company_id)s")
    assert created["bookingUrl"].endswith(f"/{slug}/intro-call")


async def test_a_slug_is_made_anew_for_a_name_that_is_there_already(api: Api) -> None:
    assert [(await create(api))["slug"] for _ in range(3)] == ["intro-call", "intro-call-2", "intro-call-3"]


async def test_a_slug_that_the_user_has_is_409_in_a_new_type_and_in_an_edit(api: Api) -> None:
    await create(api, slug="intro")
    other = await create(api)
    for answer in (
        await api.client.post(PATH, json={**INTRO, "slug": "intro"}),
        await patch(api, other["id"], slug="intro"),
    ):
        assert (answer.status_code, answer.json()["errorCode"], answer.json()["message"]) == (
            409,
            "slug-exists",
            "slug-exists",
        )
    assert (await api.client.get(f"{PATH}/{other['id']}")).json()["slug"] == "intro-call"


async def test_a_deleted_types_slug_is_free_again(api: Api) -> None:
    created = await create(api, slug="intro")
    await api.client.delete(f"{PATH}/{created['id']}")
    assert (await create(api, slug="intro"))["slug"] == "intro"


async def test_an_appointment_keeps_what_was_booked_whatever_is_edited(api: Api) -> None:
    appointment = await api.book()
    before = (await api.client.get(f"/v4/appointment/{appointment}")).json()
    edit = {"name": "Long", "duration": 90, "bufferBefore": 15, "channel": "phone", "color": "#fff"}
    assert (await patch(api, str(api.company.meeting_type_id), meetingInfo=edit, spots=5)).status_code == 200
    after = (await api.client.get(f"/v4/appointment/{appointment}")).json()
    assert {k: v for k, v in after.items() if k != "meetingType"} == {
        k: v for k, v in before.items() if k != "meetingType"
    }
    moved = (await api.move(appointment, (MONDAY + minutes(60)).isoformat())).json()["appointment"]
    assert (moved["start"], moved["end"]) == ("2037-12-07T10:00:00Z", "2037-12-07T10:30:00Z")
    assert moved["meetingInfo"] == before["meetingInfo"]


async def test_after_a_delete_its_appointments_still_move_and_nothing_new_is_booked(api: Api) -> None:
    appointment = await api.book()
    one = f"{PATH}/{api.company.meeting_type_id}"
    assert (await api.client.delete(one)).status_code == 204
    assert (await api.move(appointment, (MONDAY + minutes(60)).isoformat())).status_code == 200
    body = {"meetingTypeId": str(api.company.meeting_type_id), "start": (MONDAY + minutes(240)).isoformat()}
    booked = await api.client.post("/v4/booking", json={**body, "attendee": {"email": "ann@example.org"}})
    gone = [await api.client.get(one), await api.client.patch(one, json={}), await api.client.delete(one), booked]
    assert [answer.status_code for answer in gone] == [404] * 4
    assert (await api.client.get(PATH)).json() == []


async def test_what_is_edited_holds_for_the_next_booking(api: Api) -> None:
    one = str(api.company.meeting_type_id)
    edit = {"meetingInfo": {"duration": 60}, "crmOptions": {"hubspotDealSync": True}, "reminders": [10]}
    assert (await patch(api, one, **edit)).status_code == 200
    shown = (await api.client.get(f"/v4/appointment/{await api.book()}")).json()
    assert (shown["end"], shown["crmOptions"]["hubspotDealSync"]) == ("2037-12-07T10:00:00Z", True)
    assert len(shown["scheduledReminderIds"]) == 1
    limited = await patch(api, one, bookingLimits={"day": 1})
    assert limited.json()["bookingLimits"] == {"day": 1, "week": None, "month": None}
    second = {
        "meetingTypeId": one,
        "start": (MONDAY + minutes(120)).isoformat(),
        "attendee": {"email": "b@example.org"},
    }
    assert (await api.client.post("/v4/booking", json=second)).json()["errorCode"] == "limit-reached"
    assert (await patch(api, one, bookingLimits={"day": None})).status_code == 200
    assert (await api.client.post("/v4/booking", json=second)).status_code == 201


async def test_a_one_time_link_comes_with_the_type_if_it_is_asked_for(api: Api) -> None:
    created = await create(api, options={"createOneTimeLink": True})
    link = msgspec.convert(created["oneTimeLink"], LinkShape)
    assert str(link.meeting_type_id) == created["id"]
    assert "oneTimeLink" not in await create(api, options={"createOneTimeLink": False})


async def test_nothing_is_written_of_an_edit_that_is_refused_in_part(api: Api, desk: Desk) -> None:
    one = str(api.company.meeting_type_id)
    schedule = {"name": "x", "timezone": "UTC"}
    before = (await api.client.get(f"{PATH}/{one}")).json()
    await create(api, slug="taken")
    schedules = "SELECT count(*) FROM availabilities WHERE company_id = %(company_id)s"
    count = await desk.rows(schedules)
    refused = [
        await patch(api, one, spots=7, availability=schedule, slug="taken"),
        await patch(api, one, spots=7, availability=schedule, resourceChannels=[{"resourceId": str(uuid4())}]),
        await api.client.post(PATH, json={**INTRO, "availability": schedule, "slug": "taken"}),
        await patch(api, one, spots=7, metadata={"k": "x" * 501}),
    ]
    assert [answer.status_code for answer in refused] == [409, 400, 409, 400]
    assert (await api.client.get(f"{PATH}/{one}")).json() == before
    assert await desk.rows(schedules) == count
