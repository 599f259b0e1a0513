from datetime import UTC, date, datetime

import pytest

from slotkeeper.crm.moments import day, moment
from slotkeeper.errors import Malformed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-08-04T09:00:00Z", datetime(2026, 8, 4, 9, tzinfo=UTC), id="in UTC"),
        pytest.param("2026-08-04T09:00:00.123Z", datetime(2026, 8, 4, 9, 0, 0, 123000, UTC), id="with milliseconds"),
        pytest.param("2026-08-04T09:00+02:00", datetime(2026, 8, 4, 7, tzinfo=UTC), id="with an offset"),
        pytest.param("2026-08-04", datetime(2026, 8, 3, 22, tzinfo=UTC), id="a date begins in the caller's zone"),
    ],
)
def test_a_moment_is_read_as_clients_write_it(text: str, expected: datetime) -> None:
    assert moment("occurredAt", text, "Europe/Berlin") == expected


def test_what_is_due_on_a_date_is_due_in_its_last_second() -> None:
    due = moment("dueDate", "2026-08-04", "Europe/Berlin", due=True)
    assert due == datetime(2026, 8, 4, 21, 59, 59, tzinfo=UTC)


NO_MOMENTS = ["", "soon", "2026-08-04T09:00:00", "2026-02-30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]


@pytest.mark.parametrize("text", NO_MOMENTS)
def test_what_is_no_moment_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(Malformed, match="dueDate: must be ISO 8601"):
        moment("dueDate", text, "Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-12-31", date(2026, 12, 31), id="a date"),
        pytest.param("2026-12-31T23:30:00.000-05:00", date(2026, 12, 31), id="the day that an instant names"),
    ],
)
def test_a_day_is_read_as_clients_write_it(text: str, expected: date) -> None:
    assert day("expectedCloseDate", text) == expected


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "1066-10-14", "2026-12-31T10:00", "20261231T100000Z"])
def test_what_is_no_day_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(Malformed, match="expectedCloseDate: must be a date"):
        day("expectedCloseDate", text)
