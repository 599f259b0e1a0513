"""The internal CRM: a contact per person and an activity per contact and appointment, in our own tables.

Records are named ``contact:<attendee id>`` and ``activity:<attendee id>``, as several attendees are several contacts.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection as DatabaseConnection
from slotkeeper.integrations.crms.internal.activities import write_activity
from slotkeeper.integrations.crms.internal.contacts import write_contact
from slotkeeper.integrations.crms.internal.options import Options
from slotkeeper.jobs.outcomes import Done, Later
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change
from slotkeeper.records.connection import Connection, ExternalRef


class InternalCrm:
    """The internal CRM: contacts and activities in our own tables."""

    name: ClassVar[str] = "internal"
    supports: ClassVar[frozenset[str]] = frozenset({"contact", "activity"})
    options: ClassVar[type[Options]] = Options
    needs_connection: ClassVar[bool] = False

    def records(
        self,
        options: Mapping[str, Any],  # noqa: ARG002 - the protocol's; every appointment is kept, whatever is chosen
        appointment: Appointment,
        change: Change,  # noqa: ARG002 - the protocol's; each change writes both
    ) -> Sequence[str]:
        return [f"{record}:{attendee.id}" for attendee in appointment.attendees for record in ("contact", "activity")]

    async def write(
        self,
        record: str,
        connection: Connection | None,  # noqa: ARG002 - the protocol's; it has no account anywhere
        appointment: Appointment,
        change: Change,
        refs: Mapping[str, ExternalRef],
        pool: "AsyncConnectionPool[DatabaseConnection]",
    ) -> Done:
        """Idempotent. ``Later`` for an activity whose contact is not written yet."""
        kind, _, attendee_id = record.partition(":")
        async with pool.connection() as database:
            if kind == "contact":
                written = await _contact(database, appointment, UUID(attendee_id), refs.get(record))
            else:
                contact = refs.get(f"contact:{attendee_id}")
                if contact is None:
                    raise Later("the contact is not written yet")
                written = await write_activity(database, appointment, change, UUID(contact.external_id))
        if written is None:
            return Done(note="the attendee has left the appointment")
        return Done(refs=[ExternalRef(record=record, external_id=str(written))])


async def _contact(
    database: DatabaseConnection, appointment: Appointment, attendee_id: UUID, ref: ExternalRef | None
) -> UUID | None:
    attendee = next((attendee for attendee in appointment.attendees if attendee.id == attendee_id), None)
    if attendee is None:
        return None
    known = UUID(ref.external_id) if ref else None
    return await write_contact(database, appointment.company_id, attendee, appointment.main_host.id, known)
