"""THE TABLE: after each change, these effects follow."""

from collections.abc import Callable, Mapping, Sequence

from slotkeeper.records.change import Kind
from slotkeeper.records.effect import PlannedEffect
from slotkeeper.side_effects import fire_webhooks, notify_participants, update_calendar_events, update_crms
from slotkeeper.side_effects.aftermath import Aftermath

Plan = Callable[[Aftermath], Sequence[PlannedEffect]]

AFTER: Mapping[Kind, Sequence[Plan]] = {
    "booked": (notify_participants.plan, update_calendar_events.plan, update_crms.plan, fire_webhooks.plan),
    "rescheduled": (notify_participants.plan, update_calendar_events.plan, update_crms.plan, fire_webhooks.plan),
    "cancelled": (notify_participants.plan, update_calendar_events.plan, update_crms.plan, fire_webhooks.plan),
}
"""The ICS, the blocked times and the reminder plan are not here: they are written with the change itself."""


def effects_after(aftermath: Aftermath) -> list[PlannedEffect]:
    """Every effect of this change, each once. Pure: the dry run prints it, the worker carries it out."""
    return [effect for plan in AFTER[aftermath.change.kind] for effect in plan(aftermath)]
