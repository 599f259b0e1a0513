from typing import Any

import msgspec
import pytest

from slotkeeper.errors import Malformed
from slotkeeper.records.schedule import DAYS, Day, Hours, WeeklySchedule
from slotkeeper.schedules.weekly_hours import WeeklyHours, weekly_schedule

DECODER: "msgspec.json.Decoder[WeeklyHours]" = msgspec.json.Decoder(WeeklyHours)
NINE_TO_FIVE = {"start": "09:00", "end": "17:00"}
INTERVAL = {"from": "09:00", "to": "17:00"}
OPEN = Day(enabled=True, hours=(Hours("09:00", "17:00"),))


def schedule_of(body: Any) -> WeeklySchedule:
    return weekly_schedule("schedule", DECODER.decode(msgspec.json.encode(body)))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param({"monday": {"enabled": True, "hours": [NINE_TO_FIVE]}}, {"monday": OPEN}, id="an object per day"),
        pytest.param({"monday": {"hours": [NINE_TO_FIVE]}}, {"monday": OPEN}, id="hours alone enable the day"),
        pytest.param(
            {"monday": {"enabled": False, "hours": [NINE_TO_FIVE]}},
            {"monday": Day(enabled=False, hours=OPEN.hours)},
            id="disabled, with its hours kept",
        ),
        pytest.param({"sunday": {"enabled": True}}, {"sunday": Day(enabled=True)}, id="enabled without hours"),
        pytest.param({"monday": {"enabled": False, "hours": []}, "holiday": 1}, {}, id="unknown members"),
        pytest.param({}, {}, id="no day"),
        pytest.param([], {}, id="an empty array"),
        pytest.param([{"dayOfWeek": 1, "intervals": [INTERVAL]}], {"monday": OPEN}, id="1 is Monday"),
        pytest.param([{"dayOfWeek": 6, "intervals": [INTERVAL]}], {"saturday": OPEN}, id="6 is Saturday"),
        pytest.param([{"dayOfWeek": 0, "intervals": [INTERVAL]}], {"sunday": OPEN}, id="0 is Sunday"),
        pytest.param([{"dayOfWeek": 7, "intervals": [INTERVAL]}], {"sunday": OPEN}, id="and so is 7"),
        pytest.param([{"dayOfWeek": "friday", "intervals": [INTERVAL]}], {"friday": OPEN}, id="a day by name"),
        pytest.param(
            [
                {"dayOfWeek": 2, "intervals": [{"from": "09:00", "to": "12:00"}]},
                {"dayOfWeek": 2, "intervals": [{"from": "13:00", "to": "24:00"}]},
            ],
            {"tuesday": Day(enabled=True, hours=(Hours("09:00", "12:00"), Hours("13:00", "24:00")))},
            id="a day in two entries",
        ),
    ],
)
def test_both_shapes_of_a_week_are_understood(body: Any, expected: dict[str, Day]) -> None:
    found = schedule_of(body)
    assert {day: getattr(found, day) for day in DAYS} == {**dict.fromkeys(DAYS, Day()), **expected}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        pytest.param(
            {"monday": {"hours": [{"start": "09:00", "end": "08:00"}]}},
            ["schedule.monday.hours[0].end"],
            id="an end before its start",
        ),
        pytest.param(
            {"monday": {"hours": [NINE_TO_FIVE, {"start": "16:00", "end": "18:00"}]}},
            ["schedule.monday.hours[1].start"],
            id="an overlap",
        ),
        pytest.param(
            {
                "monday": {"hours": [{"start": "9", "end": "17"}]},
                "friday": {"hours": [{"start": "09:00", "end": "25:00"}]},
            },
            ["schedule.monday.hours[0].start", "schedule.monday.hours[0].end", "schedule.friday.hours[0].end"],
            id="several at once",
        ),
        pytest.param(
            {"monday": {"enabled": False, "hours": [{"start": "09:00", "end": "25:00"}]}},
            ["schedule.monday.hours[0].end"],
            id="on a day that is not enabled",
        ),
        pytest.param(
            [
                {"dayOfWeek": 3, "intervals": []},
                {"dayOfWeek": 1, "intervals": [INTERVAL, {"from": "x", "to": "18:00"}]},
            ],
            ["schedule[1].intervals[1].from"],
            id="in the array, in its own names",
        ),
        pytest.param(
            [{"dayOfWeek": 1, "intervals": [INTERVAL]}, {"dayOfWeek": "monday", "intervals": [INTERVAL]}],
            ["schedule[1].intervals[0].from"],
            id="an overlap across entries of one day",
        ),
    ],
)
def test_wrong_hours_are_named_as_the_body_names_them(body: Any, fields: list[str]) -> None:
    with pytest.raises(Malformed) as refused:
        schedule_of(body)
    assert [error.field for error in refused.value.errors] == fields
