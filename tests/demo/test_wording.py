from datetime import UTC, datetime

import pytest

from slotkeeper.demo.evidence import Person
from slotkeeper.demo.wording import line_with

THREE_PM_UTC = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
BERLIN = Person(address="a@example.com", role="attendee", timezone="Europe/Berlin", language="de")
NEW_YORK = Person(address="b@example.com", role="guest", timezone="America/New_York", language="en")


@pytest.mark.parametrize(
    ("text", "person", "found"),
    [
        pytest.param("Neu: Dienstag, 10. März 2026, 16:00", BERLIN, True, id="german"),
        pytest.param("Hallo\n10.03.26 16:00 Uhr", BERLIN, True, id="a-short-form-on-a-later-line"),
        pytest.param("Tuesday, March 10, 2026, 11:00\u202fAM", NEW_YORK, True, id="a-narrow-space"),
        pytest.param("Dienstag, 10. März 2026, 15:00", BERLIN, False, id="the-hour-of-another-zone"),
        pytest.param("Tuesday, March 10, 2026, 16:00", BERLIN, False, id="another-language"),
        pytest.param("Dienstag, 10. März 2026\n16:00", BERLIN, False, id="date-and-time-on-two-lines"),
        pytest.param("", BERLIN, False, id="nothing"),
    ],
)
def test_a_line_tells_an_instant_in_the_persons_zone_and_language(text: str, person: Person, found: bool) -> None:
    assert (line_with(text, THREE_PM_UTC, person) is not None) == found
