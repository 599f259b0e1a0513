"""The answer of an attendee's dry run: as the host's, without what would follow for others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from slotkeeper.api.public.seen_json import SeenAppointmentJson, present
from slotkeeper.appointments.by_secret import FormerTime, SeenByAttendee, seen_by
from slotkeeper.appointments.moved_by_attendee import told_to
from slotkeeper.appointments.reschedule import Decision, Reschedule, decide, read, suggestions
from slotkeeper.appointments.verdict import conflicts_of
from slotkeeper.db.pool import Connection
from slotkeeper.errors import ConflictDetail
from slotkeeper.records.caller import AttendeeCaller


class AttendeeDryRunJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``appointment`` is as it would be."""

    dry_run: Literal[True] = True
    would_succeed: bool
    appointment: SeenAppointmentJson
    previous_start: datetime
    conflicts: Sequence[ConflictDetail]
    suggestions: Sequence[datetime]


async def dry_run(
    connection: Connection, attendee: AttendeeCaller, request: Reschedule, now: datetime
) -> AttendeeDryRunJson:
    """Refuses like the real thing, by the policy too; a taken time is told."""
    decision = decide(await read(connection, attendee, request, now), attendee, request, now)
    refused = decision.verdict.refused
    seen = _as_it_would_be(await seen_by(connection, attendee), decision)
    return AttendeeDryRunJson(
        would_succeed=not refused,
        appointment=present(seen, now),
        previous_start=decision.previous_start,
        conflicts=conflicts_of(told_to(attendee, refused, seen.appointment)),
        suggestions=await suggestions(connection, attendee, request, now) if refused else [],
    )


def _as_it_would_be(seen: SeenByAttendee, decision: Decision) -> SeenByAttendee:
    if decision.change is None:
        return seen
    return replace(
        seen,
        appointment=decision.stored.appointment,
        moved_from=FormerTime(start=seen.appointment.start, end=seen.appointment.end),
        moves_by_attendees=seen.moves_by_attendees + 1,
    )
