"""Keep one event per calendar where the appointment was put: written, moved in place, or removed."""

from collections.abc import Sequence

from slotkeeper.integrations.connections import mark_working
from slotkeeper.integrations.registry import calendar
from slotkeeper.jobs.outcomes import Done, PersonMustAct
from slotkeeper.records.connection import Connection as Account
from slotkeeper.records.effect import PlannedEffect
from slotkeeper.side_effects.aftermath import Aftermath
from slotkeeper.side_effects.outward import Errand, Outward
from slotkeeper.side_effects.report_broken import report_broken

_RECONNECT = "calendar_reconnect"


def plan(aftermath: Aftermath) -> Sequence[PlannedEffect]:
    """The event is changed where it was made, never in «all connected calendars»."""
    return [
        PlannedEffect(
            kind="calendar",
            target=f"{c.provider}:{c.connection_id}",
            detail={
                "provider": c.provider,
                "connection_id": str(c.connection_id),
                "user_id": str(c.user_id) if c.user_id else None,
                "record": "event",
            },
        )
        for c in aftermath.calendars
    ]


async def carry_out(outward: Outward, errand: Errand) -> Done:
    if errand.account is None:
        raise PersonMustAct("the calendar is no longer connected", error_code=_RECONNECT)
    account = errand.account.opened(outward.vault)
    try:
        done = await _act(account, errand)
    except PersonMustAct as verdict:
        if verdict.error_code == _RECONNECT:
            async with outward.pool.connection() as connection:
                await report_broken(connection, account, outward.clock())
        raise
    if errand.account.broken:
        async with outward.pool.connection() as connection:
            await mark_working(connection, account.company_id, account.id)
    return done


async def _act(account: Account, errand: Errand) -> Done:
    adapter = calendar(account.provider)
    appointment = errand.appointment
    handed_off = account.user_id is not None and account.user_id not in {host.id for host in appointment.hosts}
    act = adapter.delete_event if handed_off or appointment.status == "cancelled" else adapter.write_event
    return await act(account, errand.appointment, errand.change, errand.refs.get("event"))
