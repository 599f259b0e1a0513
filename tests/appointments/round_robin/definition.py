"""Whose turn it is, as docs/decisions/0060 says it: from all turns ever taken, without any of the code under test."""

from collections import Counter
from collections.abc import Set
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from slotkeeper.appointments.round_robin.line import Taker
from slotkeeper.records.queue import DistributionPeriod

from .history import History


def next_taker(history: History, free_hosts: Set[UUID], start: int) -> Taker | None:
    """Of those who can take the turn, the one before whom nobody comes."""
    turns = turns_in_period(history, start) if history.settings.type == "equalDistribution" else Counter()
    able = [taker for taker in history.takers if can_take(taker, free_hosts)]
    for candidate in able:
        others = [taker for taker in able if taker is not candidate]
        if all(comes_before(history, turns, candidate, other) for other in others):
            return candidate
    return None


def can_take(taker: Taker, free_hosts: Set[UUID]) -> bool:
    hosts = [host.id for host in taker.hosts]
    if not hosts or (taker.main_host_id in hosts and taker.main_host_id not in free_hosts):
        return False
    return sum(host in free_hosts for host in hosts) >= min(taker.seats, len(hosts))


def comes_before(history: History, turns: Counter[UUID], one: Taker, other: Taker) -> bool:
    if history.settings.type == "advancedRoundRobin" and one.priority != other.priority:
        return one.priority > other.priority
    if history.settings.type == "equalDistribution":
        per_place = [Fraction(turns[taker.id], taker.capacity) for taker in (one, other)]
        if per_place[0] != per_place[1]:
            return per_place[0] < per_place[1]
    waiting = waits_since(history, one), waits_since(history, other)
    if waiting[0] != waiting[1]:
        return waiting[0] < waiting[1]
    return history.takers.index(one) < history.takers.index(other)


def waits_since(history: History, taker: Taker) -> tuple[int, int]:
    """The turn since which its foremost place waits, and its latest turn."""
    latest = []
    for booked in reversed(history.booked):
        if booked.live and booked.turn.taker_id == taker.id:
            latest.append(booked.number)
            if len(latest) == taker.capacity:
                return latest[-1], latest[0]
    return 0, latest[0] if latest else 0


def turns_in_period(history: History, start: int) -> Counter[UUID]:
    """Everybody's appointments in the period of ``start``; what was given back was never taken."""
    settings = history.settings
    period = _period(settings.timezone, settings.distribution_period, start)
    return Counter(
        booked.turn.taker_id
        for booked in history.booked
        if booked.live and _period(settings.timezone, settings.distribution_period, booked.start) == period
    )


@lru_cache(maxsize=100_000)
def _period(timezone: str, period: DistributionPeriod, start: int) -> tuple[int, ...]:
    """As people say it: the date, the calendar week, the month."""
    day = datetime.fromtimestamp(start, ZoneInfo(timezone)).date()
    if period == "month":
        return day.year, day.month
    return (day.year, day.month, day.day) if period == "day" else day.isocalendar()[:2]
