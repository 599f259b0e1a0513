"""THE TABLE: after each change, these effects follow."""

from collections.abc import Callable, Mapping, Sequence

from slotkeeper.records.change import Kind
from slotkeeper.records.effect import EffectKind, PlannedEffect
from slotkeeper.side_effects import fire_webhooks, notify_participants, update_calendar_events, update_crms
from slotkeeper.side_effects.aftermath import Aftermath

Plan = Callable[[Aftermath], Sequence[PlannedEffect]]

_tell, _calendars, _crms, _webhooks = (
    notify_participants.plan,
    update_calendar_events.plan,
    update_crms.plan,
    fire_webhooks.plan,
)

AFTER: Mapping[Kind, Sequence[Plan]] = {
    "requested": (_tell,),
    "booked": (_tell, _calendars, _crms, _webhooks),
    "confirmed": (_tell, _calendars, _crms, _webhooks),
    "declined": (_tell,),
    "expired": (_tell,),
    "rescheduled": (_tell, _calendars, _crms, _webhooks),
    "cancelled": (_tell, _calendars, _crms, _webhooks),
    "joined": (_tell, _calendars, _crms, _webhooks),
    "left": (_tell, _calendars, _crms, _webhooks),
    "guest_added": (_tell, _calendars),
    "handed_off": (_tell, _calendars, _crms, _webhooks),
    "proposed": (_tell, _webhooks),
    "proposal_declined": (_tell, _webhooks),
    "proposal_withdrawn": (_tell, _webhooks),
}
"""The ICS, the blocked times and the reminder plan are not here: they are written with the change itself."""

_KEPT_UP_TO_DATE: Mapping[EffectKind, Plan] = {"calendar": _calendars, "crm": _crms}
"""Effects that make the outside agree with the present appointment, and their plan."""

REPLANS_REMINDERS: frozenset[Kind] = frozenset({"confirmed", "declined", "expired", "rescheduled", "cancelled"})


def effects_after(aftermath: Aftermath) -> list[PlannedEffect]:
    """Every effect of this change, each once. Pure: the dry run prints it, the worker carries it out."""
    return [effect for plan in AFTER[aftermath.change.kind] for effect in plan(aftermath)]


def is_needless(kind: EffectKind, change: Kind, later: Sequence[Kind]) -> bool:
    """Whether one of the ``later`` changes brings this effect anew; messages and webhooks tell of one change each.

    Where somebody left, something is taken away that no later change speaks of.
    """
    if change in ("left", "handed_off"):
        return False
    if kind == "reminder":
        return any(change in REPLANS_REMINDERS for change in later)
    plan = _KEPT_UP_TO_DATE.get(kind)
    return plan is not None and any(plan in AFTER[change] for change in later)
