from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from psycopg.types.json import Jsonb

from tests.api.v4.conftest import Api
from tests.api.v4.listing import Listing, spots
from tests.support.desk import MONDAY, NOW, Desk, minutes


@pytest.fixture
def listing(api: Api) -> Listing:
    return Listing(api)


async def test_the_answer_has_the_documented_shape(listing: Listing) -> None:
    await listing.api.book(MONDAY.isoformat())
    content = await listing()
    assert content["timezone"] == "Europe/Berlin"
    assert content["timeframes"] == [
        {"start": "2037-12-07T08:00:00.000Z", "end": "2037-12-07T09:00:00.000Z"},
        {"start": "2037-12-07T09:30:00.000Z", "end": "2037-12-07T16:00:00.000Z"},
    ]
    assert [day["date"] for day in content["dates"]] == ["2037-12-07"]
    assert spots(content)[0] == {"startTime": "2037-12-07T09:00:00.000+01:00", "unavailabilityEvents": []}
    assert content["earliestAvailableDate"] == "2037-12-07"
    assert content["earliestMonthAvailability"] == "2037-12"
    assert "busyTimesReadAt" not in content


@pytest.mark.parametrize(
    ("zone", "date", "first"),
    [
        pytest.param("America/New_York", "2037-12-07", "2037-12-07T03:00:00.000-05:00", id="New York"),
        pytest.param("Asia/Kathmandu", "2037-12-07", "2037-12-07T13:45:00.000+05:45", id="Kathmandu"),
        pytest.param("Pacific/Kiritimati", "2037-12-07", "2037-12-07T22:00:00.000+14:00", id="Kiritimati"),
        pytest.param("UTC", "2037-12-07", "2037-12-07T08:00:00.000+00:00", id="UTC"),
    ],
)
async def test_starts_and_days_are_those_of_the_asked_zone(listing: Listing, zone: str, date: str, first: str) -> None:
    content = await listing(timezone=zone)
    assert (content["timezone"], content["dates"][0]["date"]) == (zone, date)
    assert spots(content)[0]["startTime"] == first


async def test_what_is_listed_can_be_booked_and_then_is_listed_no_more(listing: Listing) -> None:
    for position in (0, -1, 7):
        start = spots(await listing())[position]["startTime"]
        await listing.api.book(start)
        assert start not in [spot["startTime"] for spot in spots(await listing())]


async def test_days_without_slots_are_left_out_and_the_first_day_after_them_is_told(listing: Listing) -> None:
    weekend = await listing(start="2037-12-05", end="2037-12-06")
    assert (weekend["dates"], weekend["timeframes"]) == ([], [])
    assert weekend["earliestAvailableDate"] == "2037-12-07"
    unasked = await listing(start="2037-12-05", end="2037-12-06", skipEarliestBookingCalculation="true")
    assert (unasked["earliestAvailableDate"], unasked["earliestMonthAvailability"]) == (None, None)


async def test_the_first_day_is_looked_for_up_to_a_year_ahead_and_not_in_the_past(listing: Listing, desk: Desk) -> None:
    await desk.execute(EXCEPTION, owner=desk.company.user_id, start=NOW, end=NOW + timedelta(days=90))
    assert (await listing())["earliestAvailableDate"] == "2038-02-22"
    past = await listing(start="2037-01-01", end="2037-01-31")
    assert (past["dates"], past["earliestAvailableDate"]) == ([], "2038-02-22")
    await desk.set_type(days_into_future={"mode": "limit", "bookingLimit": 60})
    assert (await listing())["earliestAvailableDate"] is None


async def test_a_day_off_of_the_whole_company_is_everyones(listing: Listing, desk: Desk) -> None:
    await desk.execute(EXCEPTION, owner=desk.company.company_id, start=MONDAY, end=MONDAY + minutes(60 * 7))
    assert await listing.times() == ["09:00", "09:15", "09:30"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        pytest.param({}, 31, id="its own duration"),
        pytest.param({"meetingDuration": 30}, 31, id="its own, named"),
        pytest.param({"meetingDuration": 60}, 29, id="another that it allows"),
    ],
)
async def test_the_meeting_lasts_as_long_as_asked(
    listing: Listing, desk: Desk, query: dict[str, object], count: int
) -> None:
    await desk.set_type(meeting_options={"allowedDurations": [60]})
    assert len(await listing.times(**query)) == count


async def test_hosts_are_named_by_repeated_keys_or_with_commas(listing: Listing, desk: Desk) -> None:
    other = await desk.add_host()
    await desk.book(MONDAY, host_ids=(other,))
    both = [str(desk.company.user_id), str(other)]
    everyone = await listing.times(hostIds=both, calculationMethod="everyone")
    assert "10:00" not in everyone
    assert everyone == await listing.times(hostIds=",".join(both), calculationMethod="everyone")
    assert "10:00" in await listing.times(hostIds=both, calculationMethod="anyone")
    assert await listing.times(hostIds=both) == await listing.times(hostIds=both, calculationMethod="anyone")
    assert await listing.times(hostIds=str(other)) == everyone
    assert await listing.times() == await listing.times(hostIds=str(desk.company.user_id))


async def test_an_appointment_that_is_to_move_blocks_nothing_by_itself(listing: Listing, desk: Desk) -> None:
    await desk.set_type(
        meeting_info={"name": "Buffered", "duration": 30, "bufferBefore": 30, "bufferAfter": 30},
        booking_limits={"day": 1},
    )
    whole_day = await listing.times()
    booked = await desk.book()
    assert await listing.times() == []
    assert await listing.times(existingAppointmentId=str(booked.id)) == whole_day


async def test_a_move_keeps_its_hosts_and_its_duration_and_needs_all_of_the_hosts(listing: Listing, desk: Desk) -> None:
    second, third = await desk.add_host(), await desk.add_host()
    booked = await desk.book(host_ids=(second, third))
    await desk.book(MONDAY + minutes(120), host_ids=(third,))
    await desk.set_type(meeting_info={"name": "Longer now", "duration": 60})
    listed = await listing.times(existingAppointmentId=str(booked.id))
    assert listed[-1] == "16:30"
    assert "10:00" in listed
    assert "12:00" not in listed
    for start in spots(await listing(existingAppointmentId=str(booked.id))):
        await desk.move(booked.id, datetime.fromisoformat(start["startTime"]).astimezone(UTC))


async def test_a_move_keeps_its_buffers_whatever_the_meeting_type_says_now(listing: Listing, desk: Desk) -> None:
    await desk.set_type(meeting_info={"name": "Buffered", "duration": 30, "bufferBefore": 30, "bufferAfter": 30})
    booked = await desk.book(MONDAY + minutes(240))
    await desk.set_type(meeting_info={"name": "No more", "duration": 30})
    await desk.book()
    listed = await listing.times(existingAppointmentId=str(booked.id))
    assert not {"09:15", "09:30", "10:30", "10:45"} & set(listed)
    assert {"09:00", "11:00", "14:00"} <= set(listed)


async def test_each_slot_that_is_not_free_tells_why_to_those_who_troubleshoot(listing: Listing, desk: Desk) -> None:
    await desk.set_type(meeting_info={"name": "Buffered", "duration": 30, "bufferBefore": 15, "bufferAfter": 0})
    await desk.book()
    content = await listing(troubleshoot="true")
    told = {spot["startTime"][11:16]: spot["unavailabilityEvents"] for spot in spots(content)}
    assert [time for time, events in told.items() if not events] == await listing.times()
    assert told["10:00"] == [
        {
            "hostId": str(desk.company.user_id),
            "hostName": "host",
            "type": "appointment",
            "picture": None,
            "rule": "slot-occupied",
        }
    ]
    assert [event["rule"] for event in told["10:30"]] == ["buffer"]
    assert [(event["rule"], event["type"]) for event in told["16:45"]] == [("outside-working-hours", "rule")]
    [taken] = [frame for frame in content["timeframes"] if "unavailabilityEvent" in frame]
    assert (taken["start"], taken["unavailabilityEvent"]["type"]) == ("2037-12-07T09:00:00.000Z", "appointment")


async def test_troubleshooting_tells_of_the_past_too(listing: Listing) -> None:
    content = await listing(start="2037-11-20", end="2037-11-20", troubleshoot="true")
    assert len(spots(content)) == 32
    for spot in spots(content):
        assert {(event["hostId"], event["rule"]) for event in spot["unavailabilityEvents"]} >= {(None, "in-the-past")}


async def test_a_channel_may_have_hours_of_its_own(listing: Listing, desk: Desk) -> None:
    evenings = uuid4()
    evening = {"enabled": True, "hours": [{"start": "19:00", "end": "20:00"}]}
    await desk.execute(AVAILABILITY, id=evenings, user=desk.company.user_id, schedule=Jsonb({"monday": evening}))
    await desk.set_type(meeting_options={"channelAvailabilities": {"phone": str(evenings)}})
    assert await listing.times(channel="phone") == ["19:00", "19:15", "19:30"]
    assert (await listing.times(channel="zoom"))[0] == "09:00"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param({"start": "2037-12-08"}, "end", id="end before start"),
        pytest.param({"end": "2039-12-08"}, "end", id="more than a year"),
        pytest.param({"start": "2037-12-07T09:00:00"}, "start", id="no zone"),
        pytest.param({"timezone": "Mars/Olympus"}, "timezone", id="unknown zone"),
        pytest.param({"hostIds": "me"}, "hostIds", id="no UUID"),
        pytest.param({"hostIds": str(uuid4())}, "hostIds", id="an unknown host"),
        pytest.param({"hostIds": [str(uuid4()) for _ in range(101)]}, "hostIds", id="too many hosts"),
        pytest.param({"meetingDuration": 45}, "meetingDuration", id="a duration that is not allowed"),
        pytest.param({"meetingDuration": "long"}, "meetingDuration", id="no duration"),
        pytest.param({"calculationMethod": "some"}, "calculationMethod", id="no method"),
        pytest.param({"meetingTypeId": "x"}, "meetingTypeId", id="no meeting type"),
    ],
)
async def test_what_is_wrong_is_refused_naming_the_field(
    listing: Listing, query: dict[str, object], field: str
) -> None:
    answer = await listing.answer(**query)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("name", ["meetingTypeId", "existingAppointmentId"])
async def test_an_unknown_id_is_not_found(listing: Listing, name: str) -> None:
    assert (await listing.answer(**{name: str(uuid4())})).status_code == 404


async def test_a_disabled_type_is_refused_as_a_booking_of_it_is_though_its_appointments_can_move(
    listing: Listing, desk: Desk
) -> None:
    booked = await desk.book()
    await desk.set_type(enabled=False)
    refusal = await listing.answer()
    assert refusal.json()["errors"] == [{"field": "meetingTypeId", "message": "this meeting type is disabled"}]
    assert await listing.times(existingAppointmentId=str(booked.id))


EXCEPTION = """
    INSERT INTO availability_exceptions (company_id, owner_type, owner_id, available, start_at, end_at)
    VALUES (%(company_id)s, CASE WHEN %(owner)s = %(company_id)s THEN 'company' ELSE 'user' END, %(owner)s, false,
        %(start)s, %(end)s)
"""
AVAILABILITY = """
    INSERT INTO availabilities (company_id, id, user_id, name, timezone, schedule)
    VALUES (%(company_id)s, %(id)s, %(user)s, 'Evenings', 'Europe/Berlin', %(schedule)s)
"""
