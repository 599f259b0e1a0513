"""``spots`` make a group by themselves: clients of the API cannot set ``groupBooking``."""

from typing import Any

import pytest

from tests.meeting_types.documents import after, created, stored


@pytest.mark.parametrize(
    ("document", "group"),
    [
        pytest.param({"spots": 5}, True, id="seats for several"),
        pytest.param({"spots": 1}, False, id="one seat"),
        pytest.param({}, False, id="nothing about seats"),
        pytest.param({"spots": 5, "meetingInfo": {"name": "A", "groupBooking": False}}, False, id="said to be none"),
        pytest.param({"spots": 1, "meetingInfo": {"name": "A", "groupBooking": True}}, True, id="said to be one"),
    ],
)
def test_seats_for_several_make_a_group_unless_the_request_says(document: dict[str, Any], group: bool) -> None:
    assert created({"meetingInfo": {"name": "A"}, **document})["meetingInfo"]["groupBooking"] is group


@pytest.mark.parametrize(
    ("patch", "group"),
    [
        pytest.param({"spots": 1}, False, id="one seat"),
        pytest.param({"spots": 3}, True, id="other seats"),
        pytest.param({"meetingInfo": {"duration": 60}}, True, id="something else"),
    ],
)
def test_a_patch_of_the_seats_changes_it_and_one_of_something_else_does_not(patch: Any, group: bool) -> None:
    class_ = stored({"meetingInfo": {"name": "A"}, "spots": 5})
    assert after(patch, class_)["meetingInfo"]["groupBooking"] is group
