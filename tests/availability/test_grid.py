from uuid import UUID

from slotkeeper.availability.rules import why_not_free
from slotkeeper.availability.slots import free_slots
from tests.availability.worlds import (
    DAY,
    HOUR,
    MINUTE,
    at,
    every_day,
    exception,
    host,
    names,
    rules,
)

NOON = at("2026-03-02 12:00")
LONG_AGO = NOON - 1000 * DAY


def test_a_meeting_across_midnight_is_accepted_where_hours_meet_there() -> None:
    someone = host(schedule=every_day("22:00-24:00", "00:00-02:00"), timezone="Asia/Kathmandu")
    assert why_not_free(at("2026-03-02 23:45", "Asia/Kathmandu"), rules(), [someone], LONG_AGO) == ()
    last = at("2026-03-03 01:45", "Asia/Kathmandu")
    assert names(why_not_free(last, rules(), [someone], LONG_AGO)) == ["outside-working-hours"]


def test_the_grid_is_counted_from_the_start_of_the_hours_and_hours_off_do_not_shift_it() -> None:
    day = at("2026-03-02")
    off = exception(day + 10 * HOUR, day + 10 * HOUR + 20 * MINUTE, available=False)
    extra = exception(day + 18 * HOUR + 5 * MINUTE, day + 20 * HOUR, available=True)
    someone = host(schedule=every_day("09:10-12:00"), exceptions=[off, extra])
    listed = free_slots(day, day + DAY, rules(slot_interval=30 * MINUTE), [someone], LONG_AGO)
    assert [f"{t % DAY // HOUR:02}:{t % HOUR // MINUTE:02}" for t in listed] == [
        *("09:10", "10:40", "11:10"),
        *("18:05", "18:35", "19:05"),
    ]


def test_extra_hours_never_take_a_start_away() -> None:
    day = at("2026-03-02")
    extra = exception(day + 16 * HOUR + 10 * MINUTE, day + 18 * HOUR, available=True)
    asked = rules(slot_interval=30 * MINUTE)
    plain = host(schedule=every_day("09:00-17:00"))
    extended = host(schedule=every_day("09:00-17:00"), exceptions=[extra])
    before, after = (set(free_slots(day, day + DAY, asked, [someone], LONG_AGO)) for someone in (plain, extended))
    assert before < after


def test_all_hosts_must_be_free_and_the_grid_is_the_main_hosts() -> None:
    day = at("2026-03-02")
    berlin = host(schedule=every_day("09:00-17:00"), timezone="Europe/Berlin")
    kathmandu = host(schedule=every_day("09:00-17:00"), timezone="Asia/Kathmandu", host_id=UUID(int=101))
    asked = rules(slot_interval=HOUR)
    by_berlin = free_slots(day, day + DAY, asked, [berlin, kathmandu], LONG_AGO)
    by_kathmandu = free_slots(day, day + DAY, asked, [kathmandu, berlin], LONG_AGO)
    assert by_berlin == [day + 8 * HOUR, day + 9 * HOUR, day + 10 * HOUR]
    assert by_kathmandu == [day + 8 * HOUR + 15 * MINUTE, day + 9 * HOUR + 15 * MINUTE, day + 10 * HOUR + 15 * MINUTE]
