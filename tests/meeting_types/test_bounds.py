"""Every member of a request at its bounds and beyond them (meetergo-v4-api.md 2.5, 4.2)."""

from typing import Any

import pytest
from msgspec.structs import replace

from slotkeeper.errors import Malformed

from .documents import NAMED, after, at, created, nested
from .members import AN_ID, BAD, GOOD

HOURS = {"monday": {"enabled": True, "hours": [{"start": "09:00", "end": "17:00"}]}}
SCHEDULE = {"name": "Evenings", "timezone": "Europe/Berlin", "schedule": HOURS}
EVENING = {"available": True, "start": "2037-12-07T18:00:00Z", "end": "2037-12-07T20:00:00Z"}


def cases(table: dict[str, list[Any]]) -> list[Any]:
    return [
        pytest.param(path, value, id=f"{path}-{str(value)[:24]}-{number}")
        for path, values in table.items()
        for number, value in enumerate(values)
    ]


@pytest.mark.parametrize(("path", "value"), cases(GOOD))
def test_what_lies_within_its_bounds_is_taken_and_shown(path: str, value: Any) -> None:
    assert at(after(nested(path, value)), path) == value
    if not path.startswith("meetingInfo."):
        assert at(created({"meetingInfo": {"name": "New"}, **nested(path, value)}), path) == value


@pytest.mark.parametrize(("path", "value"), cases(BAD))
def test_what_does_not_is_refused_by_its_name(path: str, value: Any) -> None:
    with pytest.raises(Malformed) as refusal:
        after(nested(path, value))
    [error] = refusal.value.errors
    assert error.field.split("[")[0] == path
    assert error.message


@pytest.mark.parametrize(
    ("document", "field"),
    [
        pytest.param({"metadata": {"k": "x" * 501}}, "metadata[...]", id="a long value of metadata"),
        pytest.param({"metadata": {"": "x"}}, "metadata", id="an empty key of metadata"),
        pytest.param({"metadata": {"k": 5}}, "metadata[...]", id="a number in metadata"),
        pytest.param(
            {"daysIntoFuture": {"mode": "limit", "bookingLimit": None}}, "daysIntoFuture.bookingLimit", id="no limit"
        ),
        pytest.param(
            {"daysIntoFuture": {"rangeMin": "2026-03-11", "rangeMax": "2026-03-10"}},
            "daysIntoFuture.rangeMax",
            id="a range backwards",
        ),
        pytest.param({"reschedulingPolicy": {"enabled": True}}, "reschedulingPolicy.mode", id="a policy without mode"),
        pytest.param(
            {"cancellationPolicy": {"enabled": True, "mode": "hours"}}, "cancellationPolicy.duration", id="no duration"
        ),
        pytest.param(
            {"cancellationPolicy": {"mode": "days", "duration": 367}}, "cancellationPolicy.duration", id="367 days"
        ),
        pytest.param({"availability": {"name": "x"}}, "availability.timezone", id="a schedule without a zone"),
        pytest.param(
            {"availability": {**SCHEDULE, "timezone": "Berlin"}}, "availability.timezone", id="an unknown zone"
        ),
        pytest.param(
            {"availability": {**SCHEDULE, "schedule": {"monday": {"hours": [{"start": "9", "end": "17:00"}]}}}},
            "availability.schedule.monday.hours[0].start",
            id="hours that are none",
        ),
        pytest.param(
            {"availability": {**SCHEDULE, "exceptions": [{**EVENING, "end": EVENING["start"]}]}},
            "availability.exceptions[0]",
            id="an exception without length",
        ),
        pytest.param(
            {"availability": {**SCHEDULE, "exceptions": [{**EVENING, "start": "2037-12-07T18:00:00"}]}},
            "availability.exceptions[0].start",
            id="an exception in no zone",
        ),
        pytest.param(
            {"availability": {**SCHEDULE, "exceptions": [EVENING, {**EVENING, "end": "2300-01-01T00:00:00Z"}]}},
            "availability.exceptions[1]",
            id="an exception that never ends",
        ),
        pytest.param({"availability": SCHEDULE, "availabilityId": AN_ID}, "availability", id="a schedule twice"),
        pytest.param(
            {"meetingOptions": {"channelAvailabilities": {"zoom": {**SCHEDULE, "timezone": "x"}}}},
            "meetingOptions.channelAvailabilities.zoom.timezone",
            id="a channel's schedule in no zone",
        ),
        pytest.param(
            {"resourceChannels": [{"resourceId": AN_ID}, {"resourceId": AN_ID}]}, "resourceChannels", id="a room twice"
        ),
        pytest.param({"resourceChannels": [{"name": "Room"}]}, "resourceChannels[0].resourceId", id="no resource"),
        pytest.param(
            {"resourceChannels": [{"resourceId": AN_ID, "groupMemberIndex": -1}]},
            "resourceChannels[0].groupMemberIndex",
            id="a negative index",
        ),
        pytest.param({"meetingInfo": {"name": {"de": None}}}, "meetingInfo.name", id="a name in no language"),
        pytest.param({"meetingInfo": {"name": {"xx": "x"}}}, "meetingInfo.name", id="an unknown language"),
        pytest.param(
            {"meetingInfo": {"description": {"de": 5}}}, "meetingInfo.description[...]", id="a number as text"
        ),
    ],
)
def test_what_does_not_go_together_is_refused_by_its_name(document: Any, field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        after(document)
    assert [error.field for error in refusal.value.errors] == [field]


@pytest.mark.parametrize("document", [{}, {"meetingInfo": {}}, {"meetingInfo": {"duration": 30}}])
def test_a_new_meeting_type_needs_a_name(document: Any) -> None:
    with pytest.raises(Malformed, match=r"^meetingInfo.name: is required$"):
        created(document)


def test_metadata_has_at_most_twenty_keys_however_they_came_together() -> None:
    full = replace(NAMED, metadata={str(n): "x" for n in range(19)})
    assert len(after({"metadata": {"a": "x", "0": "y"}}, full)["metadata"]) == 20
    with pytest.raises(Malformed, match=r"^metadata: must have at most 20 keys$"):
        after({"metadata": {"a": "x", "b": "x"}}, full)


def test_a_name_in_languages_is_shown_in_the_companys() -> None:
    names = {"en": "Intro call", "de": "Kennenlernen"}
    document = created({"meetingInfo": {"name": names, "description": {"en": "Short"}}})
    assert document["meetingInfo"]["name"] == "Kennenlernen"
    assert document["meetingInfo"]["description"] == "Short"
    assert document["translations"] == {"name": names, "description": {"en": "Short"}}


def test_a_password_is_not_among_what_is_shown() -> None:
    document = after({"meetingOptions": {"bookingPagePassword": {"enable": True, "password": "Löwenzahn"}}})
    assert document["meetingOptions"]["bookingPagePassword"] == {"enable": True, "password": None}
