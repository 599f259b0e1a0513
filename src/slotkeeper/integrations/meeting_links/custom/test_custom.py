from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.ics.sample import appointment

from slotkeeper.integrations.meeting_links.custom import Custom
from slotkeeper.records.meeting_info import MeetingInfo

ROOM = "https://video.example.com/dr-weiss"


@given(start=st.datetimes(timezones=st.just(UTC)))
def test_the_link_is_the_meeting_types_own_and_the_same_after_a_move(start: datetime) -> None:
    booked = appointment(meeting_info=MeetingInfo(name="Intro call", custom_channel_link=ROOM))
    assert Custom().link_for(replace(booked, start=start)) == ROOM


@pytest.mark.parametrize("link", [pytest.param(None, id="none"), pytest.param("", id="an empty one")])
def test_a_meeting_type_without_a_link_gives_none(link: str | None) -> None:
    assert Custom().link_for(appointment(meeting_info=MeetingInfo(name="Intro", custom_channel_link=link))) is None
