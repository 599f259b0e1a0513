"""What can be chosen at a booking page, and that nothing comes of looking at it."""

from datetime import datetime

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from tests.api.conftest import bearer
from tests.support.booking_page import ANN, VisitedPage, starts_in
from tests.support.desk import MONDAY

INFO = {"name": "Talk", "duration": 30, "channel": "phone"}


async def listed(client: httpx.AsyncClient, company: Bootstrapped, **query: str) -> set[datetime]:
    asked = {"meetingTypeId": str(company.meeting_type_id), "start": "2037-12-07", "end": "2037-12-07", **query}
    answer = await client.get("/v4/booking-availability", params=asked, headers=bearer(company.token))
    return {datetime.fromisoformat(spot["startTime"]) for day in answer.json()["dates"] for spot in day["spots"]}


@pytest.mark.parametrize(
    "choice",
    [
        pytest.param({}, id="the usual"),
        pytest.param({"duration": "60"}, id="another duration"),
        pytest.param({"channel": "zoom"}, id="another channel"),
        pytest.param({"duration": "7", "channel": "pigeon", "timezone": "Mars/Base"}, id="what there is not"),
    ],
)
async def test_the_times_of_a_day_are_those_that_the_api_lists(
    visit: VisitedPage, company: Bootstrapped, choice: dict[str, str]
) -> None:
    options = {"allowedDurations": [60], "allowSelectChannel": True, "allowedChannels": ["zoom"]}
    await visit.desk.set_type(meeting_info=INFO, meeting_options=options)
    await visit.desk.book(MONDAY)
    shown = starts_in((await visit.get(day="2037-12-07", **choice)).text)
    asked = {"meetingDuration": "60"} if choice.get("duration") == "60" else {}
    expected = await listed(visit.client, company, **asked)
    assert len(shown) == len(set(shown)) > 10
    assert {datetime.fromisoformat(start) for start in shown} == expected


async def test_times_are_those_of_the_hosts_zone_until_another_is_chosen(visit: VisitedPage) -> None:
    own = await visit.get(day="2037-12-07")
    assert "9:00 AM" in own.text
    assert "Central European Time" in own.text
    elsewhere = await visit.get(day="2037-12-07", timezone="America/New_York")
    assert "3:00 AM" in elsewhere.text
    assert '<option value="America/New_York" selected>' in elsewhere.text
    assert starts_in(own.text) == starts_in(elsewhere.text)


async def test_a_choice_stays_while_days_and_months_are_turned(visit: VisitedPage) -> None:
    await visit.desk.set_type(meeting_info=INFO, meeting_options={"allowedDurations": [60]})
    answer = await visit.get(duration="60", timezone="Asia/Tokyo", month="2037-12", oneTimeLink="")
    assert "?duration=60&amp;timezone=Asia%2FTokyo&amp;month=2038-01" in answer.text
    assert "?duration=60&amp;timezone=Asia%2FTokyo&amp;day=2037-12-08" in answer.text


async def test_a_month_without_free_times_gives_way_to_the_first_that_has_some(visit: VisitedPage) -> None:
    await visit.desk.set_type(booking_minimum=30 * 24 * 60)
    assert "December 2037" in (await visit.get()).text
    asked_for = (await visit.get(month="2037-11")).text
    assert "Nothing is free in this month." in asked_for
    assert "Wednesday, December 23, 2037" in asked_for


async def test_a_group_that_has_a_seat_left_is_offered_and_a_full_one_is_not(visit: VisitedPage) -> None:
    await visit.desk.set_type(meeting_info={**INFO, "groupBooking": True}, spots=2)
    first = f"{MONDAY:%Y-%m-%dT%H:%M:%SZ}"
    await visit.desk.book(MONDAY)
    assert first in starts_in((await visit.get(day="2037-12-07")).text)
    await visit.desk.book(MONDAY)
    assert first not in starts_in((await visit.get(day="2037-12-07")).text)


@pytest.mark.parametrize("shows", [True, False])
async def test_a_group_says_how_many_places_are_left_where_its_type_does(visit: VisitedPage, shows: bool) -> None:
    await visit.desk.set_type(meeting_info={**INFO, "groupBooking": True, "showAvailableSlots": shows}, spots=2)
    start = f"{MONDAY:%Y-%m-%dT%H:%M:%SZ}"
    assert ("Noch 2 Plätze frei" in (await visit.get("de", start=start)).text) is shows
    await visit.desk.book(MONDAY)
    assert ("Noch 1 Platz frei" in (await visit.get("de", start=start)).text) is shows


async def test_texts_are_in_the_visitors_language_where_the_type_has_them(visit: VisitedPage) -> None:
    texts = {"name": {"de": "Erstgespräch", "en": "First talk"}, "description": {}}
    await visit.desk.set_type(translations=texts, meeting_info=INFO)
    assert "<h1>Erstgespräch</h1>" in (await visit.get("de-AT")).text
    assert "<h1>First talk</h1>" in (await visit.get("fr")).text


@pytest.mark.parametrize(
    "why", ["disabled", "the type deleted", "the user deleted", "unknown type", "unknown user", "NUL", "a line feed"]
)
async def test_what_cannot_be_booked_has_no_page(visit: VisitedPage, why: str) -> None:
    now, path = visit.desk.now, visit.path
    if why == "disabled":
        await visit.desk.set_type(enabled=False)
    elif why == "the type deleted":
        await visit.desk.set_type(deleted_at=now)
    elif why == "the user deleted":
        await visit.desk.execute("UPDATE users SET deleted_at = %(now)s WHERE company_id = %(company_id)s", now=now)
    elsewhere = {"unknown user": f"/x{path[1:]}", "unknown type": f"{path}x"}
    path = {**elsewhere, "NUL": f"{path}%00", "a line feed": f"{path}%0A"}.get(why, path)
    for answer in (
        await visit.client.get(path, headers={"accept-language": "de"}),
        await visit.client.post(path, data=ANN, headers={"accept-language": "de"}),
    ):
        assert answer.status_code == 404
        assert "Dieser Link führt ins Leere" in answer.text


async def test_looking_changes_nothing(visit: VisitedPage) -> None:
    start = f"{MONDAY:%Y-%m-%dT%H:%M:%SZ}"
    for query in ({}, {"day": "2037-12-07"}, {"start": start}, {"start": start, "key": "k" * 24, **ANN}):
        assert (await visit.get(**query)).status_code == 200
    assert await visit.appointments() == []
    assert await visit.desk.rows("SELECT FROM changes WHERE company_id = %(company_id)s") == []


@pytest.mark.parametrize(
    "start", ["", "today", "2037-12-07T09:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59Z"]
)
async def test_a_start_that_is_no_instant_leads_to_the_list_of_times(visit: VisitedPage, start: str) -> None:
    answer = await visit.get(start=start)
    assert (answer.status_code, len(starts_in(answer.text)) > 1) == (200, True)


async def test_a_time_that_is_no_longer_free_leads_to_the_list_of_times(visit: VisitedPage) -> None:
    await visit.desk.book(MONDAY)
    answer = await visit.get(start=f"{MONDAY:%Y-%m-%dT%H:%M:%SZ}")
    assert answer.status_code == 409
    assert "This time is no longer free." in answer.text
    assert starts_in(answer.text)
