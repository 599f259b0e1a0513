"""An attendee sees their appointment by the secret of a link, without a token, and nothing else."""

import pytest

from tests.api.public.link import Link, booked
from tests.api.v4.conftest import Api
from tests.support.desk import MONDAY, Desk, minutes

ROUTES = [
    pytest.param("GET", "", id="see"),
    pytest.param("GET", "/free-times?start=2037-12-07&end=2037-12-08", id="free times"),
    pytest.param("POST", "/reschedule", id="move"),
    pytest.param("POST", "/cancel", id="cancel"),
    pytest.param("POST", "/confirm", id="confirm"),
]
GROUP = {"name": "Class", "duration": 30, "groupBooking": True, "channel": "jitsi"}


async def test_an_attendee_sees_their_appointment_and_what_they_may_do(api: Api) -> None:
    link = await booked(api, location="Room 1")
    seen = await link.see()
    assert (seen["id"], seen["start"], seen["status"]) == (link.appointment, "2037-12-07T09:00:00Z", "confirmed")
    assert (seen["companyName"], seen["location"]) == ("Praxis Dr. Weiß", "Room 1")
    assert seen["attendee"]["email"] == "ann@example.org"
    assert seen["reschedule"] == {
        "allowed": True,
        "errorCode": None,
        "detail": None,
        "reasonRequired": False,
        "movesLeft": None,
        "earliestStart": None,
        "latestStart": None,
    }
    assert seen["cancellation"] == {"allowed": True, "errorCode": None, "detail": None}
    assert seen["canConfirm"] is False


async def test_nothing_is_shown_that_only_hosts_may_see(api: Api, desk: Desk) -> None:
    await desk.set_type(meeting_info=GROUP, spots=3)
    await api.book(attendee={"email": "secret.other@example.org", "fullname": "Olga Other"})
    link = await booked(api)
    one = f"/v4/appointment/{link.appointment}"
    await api.client.patch(f"{one}/notes", json={"note": "a difficult person"})
    await api.client.patch(f"{one}/transcription", json={"summary": "said little", "transcription": "hm"})
    evening = (MONDAY + minutes(9 * 60)).isoformat()
    assert (await api.move(link.appointment, evening, ignoreAvailability=True)).status_code == 200
    answer = await link.ask("GET")
    hosts = (await api.client.get(one)).json()
    assert set(answer.json()) == {
        *("id", "start", "end", "previousStart", "status", "waitingFor", "isCancelled", "cancel", "companyName"),
        *("meetingInfo", "location", "meetingLink", "hosts", "attendee", "ics"),
        *("reschedule", "cancellation", "canConfirm"),
    }
    hidden = ["secret.other", "Olga", "difficult", "said little", "overrid", "crm", hosts["secret"]]
    hidden += [attendee["secret"] for attendee in hosts["attendees"]]
    assert [word for word in hidden if word in answer.text.replace("\\r\\n ", "")] == []
    page = await api.client.get(f"/a/{link.secret}/invite.ics")
    assert ("ann@example.org" in page.text, "Olga" in page.text) == (True, False)


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_any_wrong_secret_is_unknown_alike(api: Api, desk: Desk, method: str, path: str) -> None:
    """Also before anything is said of the body, and whoever asks."""
    await desk.set_type(meeting_info=GROUP, spots=3)
    left, stays = await booked(api), await booked(api, email="bo@example.org")
    group = (await api.client.get(f"/v4/appointment/{stays.appointment}")).json()["secret"]
    assert (await left.cancel()).status_code == 200
    first, last = stays.secret[0], stays.secret[-1]
    wrong = {
        "left": left.secret,
        "forged": f"{stays.secret[:-1]}{'A' if last != 'A' else 'B'}",
        "another id": f"{'A' if first != 'A' else 'B'}{stays.secret[1:]}",
        "of the group": group,
        "an id": stays.appointment,
        "a route": "cancel",
        "words": "ü%00",
    }
    answers = {name: await stays.ask(method, path, secret=secret) for name, secret in wrong.items()}
    told = {(answer.status_code, answer.json()["detail"]) for answer in answers.values()}
    assert told == {(404, "appointment not found")}
    assert (await stays.see())["status"] == "confirmed"


async def test_the_secret_of_a_booking_opens_it_too_and_that_of_a_group_each_attendees_own(
    api: Api, desk: Desk
) -> None:
    body = {"meetingTypeId": str(api.company.meeting_type_id), "start": MONDAY.isoformat()}
    alone = await api.client.post("/v4/booking", json={**body, "attendee": {"email": "ann@example.org"}})
    link = Link(api, alone.json()["appointmentId"], alone.json()["secret"])
    assert (await link.see())["attendee"]["email"] == "ann@example.org"
    assert (await link.move((MONDAY + minutes(60)).isoformat())).status_code == 200

    await desk.set_type(meeting_info=GROUP, spots=3)
    for email in ("ben@example.org", "cem@example.org"):
        joined = (await api.client.post("/v4/booking", json={**body, "attendee": {"email": email}})).json()
        seen = await Link(api, joined["appointmentId"], joined["secret"]).see()
        assert seen["attendee"]["email"] == email


async def test_a_secret_is_no_token(api: Api) -> None:
    link = await booked(api)
    for path in (f"/v4/appointment/{link.appointment}", "/v4/user/me"):
        answer = await api.client.get(path, headers={"authorization": f"Bearer {link.secret}"})
        assert answer.status_code == 401
