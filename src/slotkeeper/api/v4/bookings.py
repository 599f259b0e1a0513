"""Book an appointment (the tag «Booking V4»)."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import available_timezones

import msgspec
from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.answer import Answer
from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import instant
from slotkeeper.api.openapi import CHANGING_AN_APPOINTMENT, problems, success
from slotkeeper.api.perform import perform
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointments import IdempotencyKey
from slotkeeper.api.v4.requests import AttendeeBody, BookingBody, overrides
from slotkeeper.appointments.book import book
from slotkeeper.appointments.booking import Booking
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Malformed
from slotkeeper.records.caller import Caller
from slotkeeper.records.people import Attendee
from slotkeeper.secrets import link_secret

_ZONES = frozenset(available_timezones())


class BookedJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``secret`` lets the attendee see the appointment without a token."""

    appointment_id: UUID
    secret: str


@post(
    "/",
    status_code=201,
    tags=["Booking V4"],
    summary="Create appointment booking",
    responses={201: success(BookedJson, "Booked"), **problems(*CHANGING_AN_APPOINTMENT)},
)
async def book_appointment(
    request: Request[Any, Any, Any],
    data: JSONBody[BookingBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """Books with the given hosts, all of them free, or with the meeting type's owner."""
    now = services.clock()
    wanted = Booking(
        meeting_type_id=data.meeting_type_id,
        start=instant("start", data.start),
        attendee=_attendee(data.attendee, caller, now),
        host_ids=tuple(dict.fromkeys(data.host_ids or ())),
        duration=data.duration,
        location=data.location,
        channel=data.channel,
        overrides=overrides(data.ignore_availability),
        notify="none" if data.skip_notifications else "all",
        ics_title=data.ics_title,
        ics_description=data.ics_description,
    )

    async def attempt(connection: Connection, locked: bool) -> Answer:
        booked = (await book(connection, caller, wanted, services.clock(), locked=locked)).appointment
        secret = link_secret(caller.link_key, "appointment", booked.id)
        return Answer.json(BookedJson(appointment_id=booked.id, secret=secret), status=201)

    return (await perform(services, caller, request, idempotency_key, attempt)).response()


def _attendee(body: AttendeeBody, caller: Caller, now: datetime) -> Attendee:
    """Decision 10: a name from whatever part is given, else from the address; the company's zone and language."""
    timezone = body.timezone or caller.timezone
    if timezone not in _ZONES:
        raise Malformed.field("attendee.timezone", f"{timezone!r} is not an IANA time zone")
    named = " ".join(part for part in (body.firstname, body.lastname) if part)
    return Attendee(
        id=uuid4(),
        email=body.email,
        fullname=body.fullname or named or body.email.partition("@")[0],
        firstname=body.firstname,
        lastname=body.lastname,
        phone=body.phone,
        bringalong_emails=tuple(body.bringalong_emails or ()),
        notes=dict(body.notes or {}),
        receive_reminders=body.receive_reminders is not False,
        language=body.language or caller.language,
        timezone=timezone,
        data_policy_accepted=bool(body.data_policy_accepted),
        created_at=now,
        updated_at=now,
    )


ROUTER = Router("/v4/booking", guards=[require_scope("scheduling")], route_handlers=[book_appointment])
