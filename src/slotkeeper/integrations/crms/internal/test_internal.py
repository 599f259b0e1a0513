from typing import Any
from uuid import UUID

import pytest
from tests.ics.sample import appointment, attendee, change

from slotkeeper.integrations.crms.internal import InternalCrm
from slotkeeper.integrations.crms.internal.contacts import names


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"firstname": "Ann", "lastname": "Example"}, ("Ann", "Example"), id="given apart"),
        pytest.param({"firstname": "Ann", "lastname": ""}, ("Ann", None), id="a first name only"),
        pytest.param({"fullname": "Ann Example"}, ("Ann", "Example"), id="given as one"),
        pytest.param({"fullname": " Ann  Maria Example "}, ("Ann Maria", "Example"), id="two first names"),
        pytest.param({"fullname": "Ann"}, ("Ann", None), id="one word"),
        pytest.param({"fullname": "Annie E.", "firstname": "Ann"}, ("Ann", None), id="given both ways"),
        pytest.param({}, (None, None), id="nothing"),
    ],
)
def test_a_contact_is_named_as_the_attendee_is(fields: dict[str, Any], expected: tuple[str | None, str | None]) -> None:
    assert names(attendee(**{"fullname": None, **fields})) == expected


def test_each_attendee_is_a_contact_with_an_activity_after_it() -> None:
    ann, bob = UUID(int=1), UUID(int=2)
    booked = appointment(attendees=(attendee(id=ann), attendee(id=bob)))
    records = InternalCrm().records({}, booked, change())
    assert records == [f"contact:{ann}", f"activity:{ann}", f"contact:{bob}", f"activity:{bob}"]
