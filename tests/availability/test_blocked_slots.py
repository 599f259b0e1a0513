from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings

from slotkeeper.availability.blocked_slots import blocked_slots
from slotkeeper.availability.rules import Reason, why_not_free
from slotkeeper.availability.slots import free_slots, grid
from tests.availability.test_slots import World, worlds
from tests.availability.worlds import HOUR, MINUTE, appointment, at, every_day, host, names, rules

NOON = at("2026-03-02 12:00")


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_each_slot_is_either_free_or_blocked_for_the_reasons_that_a_write_would_be_refused_for(world: World) -> None:
    first, end, now, asked, hosts = world
    blocked = blocked_slots(first, end, asked, hosts, now)
    slots = grid(first, end, asked, hosts[0])
    assert sorted([*blocked, *free_slots(first, end, asked, hosts, now)]) == slots
    for start, reasons in blocked.items():
        refused = why_not_free(start, asked, hosts, now)
        assert {(r.rule, r.host_id) for r in reasons} == {(r.rule, r.host_id) for r in refused}, start
        assert taken(reasons) == taken(refused)


def taken(reasons: Sequence[Reason]) -> Counter[Reason]:
    """In any order: several may begin at once."""
    return Counter(reason for reason in reasons if reason.rule in {"slot-occupied", "buffer"})


def test_a_buffer_is_told_from_an_overlap() -> None:
    someone = host(appointment(NOON, NOON + HOUR, after=15 * MINUTE), schedule=every_day("12:00-14:00"))
    blocked = blocked_slots(NOON, NOON + 2 * HOUR, rules(slot_interval=30 * MINUTE), [someone], NOON)
    assert {start - NOON: names(reasons) for start, reasons in blocked.items()} == {
        0: ["slot-occupied"],
        30 * MINUTE: ["slot-occupied"],
        60 * MINUTE: ["buffer"],
    }


def test_outside_all_hours_there_is_no_slot_that_could_be_blocked() -> None:
    someone = host(schedule=every_day("09:00-10:00"))
    assert blocked_slots(NOON, NOON + HOUR, rules(), [someone], NOON) == {}
