"""The attendee of a request as a record: liberal in what it takes (decision 10 of the API's design)."""

from datetime import datetime
from uuid import uuid4

from slotkeeper.api.v4.requests import AttendeeBody
from slotkeeper.errors import Malformed
from slotkeeper.records.people import Attendee
from slotkeeper.records.time_zone import time_zone


def attendee_of(
    body: AttendeeBody, *, timezone: str, language: str, now: datetime, phone_only: bool = False
) -> Attendee:
    """A name from whatever part is given, else from the address; ``timezone`` and ``language`` where none is given.

    Raises ``Malformed`` naming the field.
    """
    _require_reachable(body, phone_only)
    named = " ".join(part for part in (body.firstname, body.lastname) if part)
    return Attendee(
        id=uuid4(),
        email=body.email,
        fullname=body.fullname or named or (body.email or body.phone or "").partition("@")[0],
        firstname=body.firstname,
        lastname=body.lastname,
        phone=body.phone,
        bringalong_emails=tuple(body.bringalong_emails or ()),
        notes=dict(body.notes or {}),
        receive_reminders=body.receive_reminders is not False,
        language=body.language or language,
        timezone=time_zone("attendee.timezone", body.timezone or timezone),
        data_policy_accepted=bool(body.data_policy_accepted),
        created_at=now,
        updated_at=now,
    )


def _require_reachable(body: AttendeeBody, phone_only: bool) -> None:
    if phone_only and not body.phone:
        raise Malformed.field("attendee.phone", "is required for a booking by telephone only")
    if not phone_only and not body.email:
        raise Malformed.field("attendee.email", "is required")
