import re
from datetime import UTC
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.ics.sample import appointment

from slotkeeper.integrations.meeting_links.jitsi import Jitsi, room_name
from slotkeeper.integrations.meeting_links.jitsi.settings import VARIABLE, load_jitsi_url

ids = st.uuids(version=4)
times = st.datetimes(timezones=st.just(UTC))


@given(appointment_id=ids, moves=st.lists(times, max_size=10), sequence=st.integers(min_value=0))
def test_the_link_is_the_same_after_any_moves(appointment_id: UUID, moves: list[object], sequence: int) -> None:
    moved = booked = appointment(id=appointment_id)
    for start in moves:
        moved = replace(moved, start=start, sequence=sequence, version=moved.version + 1)
    assert Jitsi().link_for(moved) == Jitsi().link_for(booked)


@given(first=ids, second=ids)
def test_two_appointments_share_no_room(first: UUID, second: UUID) -> None:
    assert (room_name(first) == room_name(second)) == (first == second)


@given(appointment_id=ids)
def test_a_rooms_name_needs_no_escaping_and_does_not_show_the_id(appointment_id: UUID) -> None:
    name = room_name(appointment_id)
    assert re.fullmatch(r"[a-z2-7]{32}", name)
    assert appointment_id.hex[:8] not in name


def test_rooms_are_on_the_public_server_unless_another_is_named() -> None:
    assert load_jitsi_url({}) == "https://meet.jit.si"
    assert load_jitsi_url({VARIABLE: "https://video.example.com/rooms/"}) == "https://video.example.com/rooms"
    link = Jitsi("https://video.example.com").link_for(appointment())
    assert link.startswith("https://video.example.com/")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("video.example.com", id="no scheme"),
        pytest.param("ftp://video.example.com", id="another scheme"),
        pytest.param("https://", id="no host"),
        pytest.param("https://video.example.com/?room=", id="a query"),
    ],
)
def test_an_address_that_no_room_can_be_added_to_is_refused_with_the_variable_named(url: str) -> None:
    with pytest.raises(ValueError, match=VARIABLE):
        load_jitsi_url({VARIABLE: url})
