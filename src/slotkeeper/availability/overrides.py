"""Which reasons a caller who may override can set aside."""

from collections.abc import Iterable, Mapping
from typing import Literal

from slotkeeper.availability.rules import Reason, Rule

Override = Literal["conflicts", "hours", "notice", "buffers", "limits"]
OVERRIDE_OF: Mapping[Rule, Override] = {
    "slot-occupied": "conflicts",
    "buffer": "buffers",
    "outside-working-hours": "hours",
    "off-grid": "hours",
    "too-short-notice": "notice",
    "too-far-ahead": "notice",
    "limit-reached": "limits",
}
"""What a caller who may override can set a rule aside with; nobody books into the past."""


def split(reasons: Iterable[Reason], overrides: frozenset[str]) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """``(refused, overridden)``: the reasons that stand, and those that a caller with these overrides sets aside."""
    judged = [(OVERRIDE_OF.get(reason.rule) in overrides, reason) for reason in reasons]
    return tuple(r for overridden, r in judged if not overridden), tuple(r for overridden, r in judged if overridden)
