"""Is this start free, what of it may be overridden, and what to offer instead: the answer of one decision. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.availability.overrides import split
from slotkeeper.availability.rules import BookingRules, HostAvailability, Reason, Rule, why_not_free
from slotkeeper.availability.slots import nearest_free
from slotkeeper.errors import ConflictDetail, NotFree

OVERRIDES = frozenset({"conflicts", "hours", "notice", "buffers", "limits"})
"""What ``override`` may name; ``ignoreAvailability: true`` names them all (decisions 0011)."""

_TITLES = {
    "in-the-past": "the new start lies in the past",
    "slot-occupied": "the time is taken",
    "buffer": "the time is too close to another appointment",
    "outside-working-hours": "the time lies outside the host's working hours",
    "off-grid": "the time is not one of the meeting type's slots",
    "too-short-notice": "the time is sooner than the minimum notice allows",
    "too-far-ahead": "the time is outside the booking window",
    "limit-reached": "the host's limit for this period is reached",
}
_CODES = {"buffer": "slot-occupied", "off-grid": "outside-working-hours"}


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """``refused`` forbids the start; ``overridden`` would, had the caller not been allowed to override it."""

    refused: tuple[Reason, ...]
    overridden: tuple[Reason, ...]

    @property
    def overridden_rules(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reason.rule for reason in self.overridden))

    @property
    def overlaps(self) -> bool:
        """Whether it overlaps something, so that the database's guard has to leave it out."""
        return any(reason.rule == "slot-occupied" for reason in self.overridden)


def judge(
    start: datetime, rules: BookingRules, hosts: Sequence[HostAvailability], now: datetime, overrides: frozenset[str]
) -> Verdict:
    reasons = why_not_free(int(start.timestamp()), rules, hosts, int(now.timestamp()))
    refused, overridden = split(reasons, overrides)
    return Verdict(refused=tuple(refused), overridden=tuple(overridden))


def conflicts_of(reasons: Sequence[Reason], wanted: datetime | UnsetType = UNSET) -> list[ConflictDetail]:
    return [
        ConflictDetail(rule=r.rule, host_id=r.host_id, start=_instant(r.start), end=_instant(r.end), wanted=wanted)
        for r in reasons
    ]


def in_general(reasons: Sequence[Reason], start: datetime, end: datetime) -> tuple[Reason, ...]:
    """Which rules forbid the time from ``start`` to ``end``, but not whose time or what in it: what others may know."""
    rules = dict.fromkeys(reason.rule for reason in reasons)
    return tuple(Reason(rule, None, int(start.timestamp()), int(end.timestamp())) for rule in rules)


def suggest(start: datetime, rules: BookingRules, hosts: Sequence[HostAvailability], now: datetime) -> list[datetime]:
    """Up to five nearest free starts, nearest first."""
    return [_instant(t) for t in nearest_free(int(start.timestamp()), rules, hosts, int(now.timestamp()))]


def not_free(refused: Sequence[Reason], suggestions: Sequence[datetime]) -> NotFree:
    return _not_free(refused[0].rule, conflicts_of(refused), suggestions)


def not_all_free(refused: Mapping[datetime, Sequence[Reason]], suggestions: Sequence[datetime]) -> NotFree:
    """Of several starts, those that are refused."""
    conflicts = [each for start, reasons in refused.items() for each in conflicts_of(reasons, start)]
    return _not_free(next(iter(refused.values()))[0].rule, conflicts, suggestions)


def _not_free(first: Rule, conflicts: Sequence[ConflictDetail], suggestions: Sequence[datetime]) -> NotFree:
    return NotFree(_TITLES[first], code=_CODES.get(first, first), conflicts=conflicts, suggestions=suggestions)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
