"""The internal CRM: contacts, an activity per contact and appointment, and a deal where one is wanted; our own tables.

Records are named ``contact:<attendee id>`` and ``activity:<attendee id>``, as several attendees are several contacts;
``deal`` is the appointment's, about its main attendee.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection as DatabaseConnection
from slotkeeper.integrations.crms.internal.activities import cancel_activity, write_activity
from slotkeeper.integrations.crms.internal.contacts import write_contact
from slotkeeper.integrations.crms.internal.deals import write_deal
from slotkeeper.integrations.crms.internal.options import Options
from slotkeeper.jobs.outcomes import Done, Later
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change
from slotkeeper.records.connection import Connection, ExternalRef
from slotkeeper.records.people import Attendee


class InternalCrm:
    """The internal CRM: contacts, activities and deals in our own tables."""

    name: ClassVar[str] = "internal"
    supports: ClassVar[frozenset[str]] = frozenset({"contact", "activity", "deal"})
    options: ClassVar[type[Options]] = Options
    needs_connection: ClassVar[bool] = False

    def records(self, options: Mapping[str, Any], appointment: Appointment, change: Change) -> Sequence[str]:
        """Every appointment's contacts and activities are kept; a deal only where the options name a pipeline."""
        left = [f"activity:{change.attendee_id}"] if change.kind == "left" else []
        people = [f"{record}:{one.id}" for one in appointment.attendees for record in ("contact", "activity")]
        return [*left, *people, "deal"] if people and options.get("internalCrmPipelineId") else [*left, *people]

    async def write(
        self,
        record: str,
        connection: Connection | None,  # noqa: ARG002 - the protocol's; it has no account anywhere
        appointment: Appointment,
        change: Change,
        refs: Mapping[str, ExternalRef],
        pool: "AsyncConnectionPool[DatabaseConnection]",
    ) -> Done:
        """Idempotent. ``Later`` for an activity or a deal whose contact is not written yet."""
        kind, _, attendee_id = record.partition(":")
        attendee = _attendee(appointment, attendee_id)
        async with pool.connection() as database:
            if attendee is None:
                if kind == "activity":
                    await cancel_activity(database, appointment, UUID(attendee_id))
                return Done(note="the attendee has left the appointment")
            if kind == "contact":
                known = UUID(refs[record].external_id) if record in refs else None
                owner_id = appointment.main_host.id
                written = await write_contact(database, appointment.company_id, attendee, owner_id, known)
            elif kind == "activity":
                written = await write_activity(database, appointment, attendee.id, _contact(refs, attendee))
            else:
                written = await write_deal(database, appointment, change, attendee, _contact(refs, attendee))
        return Done(refs=[ExternalRef(record=record, external_id=str(written))])


def _attendee(appointment: Appointment, attendee_id: str) -> Attendee | None:
    """The one that the record names, else the main one; None for one who has left."""
    found = (attendee for attendee in appointment.attendees if attendee_id in ("", str(attendee.id)))
    return next(found, None)


def _contact(refs: Mapping[str, ExternalRef], attendee: Attendee) -> UUID:
    contact = refs.get(f"contact:{attendee.id}")
    if contact is None:
        raise Later("the contact is not written yet")
    return UUID(contact.external_id)
