"""Book an appointment (the tag «Booking V4»)."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from slotkeeper.api.answer import Answer
from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import instant
from slotkeeper.api.openapi import CHANGING_AN_APPOINTMENT, problems, success
from slotkeeper.api.perform import perform
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointments import IdempotencyKey
from slotkeeper.api.v4.attendee_body import attendee_of
from slotkeeper.api.v4.requests import BookingBody, overrides
from slotkeeper.appointments.book import book
from slotkeeper.appointments.booking import Booked, Booking
from slotkeeper.appointments.series import Recurrence, book_series
from slotkeeper.db.pool import Connection
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Caller
from slotkeeper.secrets import link_secret

BookingType = Literal["doubleOptIn", "requireHostConfirmation"]


class BookedJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``secret`` lets the attendee see, move and cancel the appointment without a token."""

    appointment_id: UUID
    secret: str
    series_id: UUID | UnsetType = UNSET
    appointment_ids: Sequence[UUID] | UnsetType = UNSET
    """Of a series: every occurrence, the first one first."""


class RequestedJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The booking holds its time until the attendee or a host has confirmed it."""

    booking_type: BookingType
    provisional_booking_id: UUID


@post(
    "/",
    status_code=201,
    tags=["Booking V4"],
    summary="Create appointment booking",
    responses={
        201: success(BookedJson | RequestedJson, "Booked, or requested where somebody has to confirm"),
        **problems(*CHANGING_AN_APPOINTMENT),
    },
)
async def book_appointment(
    request: Request[Any, Any, Any],
    data: JSONBody[BookingBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """Books with the given hosts, all of them free; with one of a queue; or with the meeting type's queue or owner.

    A group's slot that somebody booked already is joined.
    """
    wanted = _booking(data, caller, services)

    async def attempt(connection: Connection, locked: bool) -> Answer:
        if data.recurrence is not None:
            repeated = Recurrence(**msgspec.structs.asdict(data.recurrence))
            series = await book_series(connection, caller, wanted, repeated, services.clock())
            return Answer.json(_series(series, caller.link_key), status=201)
        booked = (await book(connection, caller, wanted, services.clock(), locked=locked)).appointment
        return Answer.json(_present(booked, wanted.attendee.id, caller.link_key), status=201)

    return (await perform(services, caller, request, idempotency_key, attempt)).response()


def _booking(data: BookingBody, caller: Caller, services: Services) -> Booking:
    phone_only = bool(data.phone_only_booking)
    attendee = attendee_of(
        data.attendee,
        timezone=caller.timezone,
        language=caller.language,
        now=services.clock(),
        phone_only=phone_only,
    )
    return Booking(
        meeting_type_id=data.meeting_type_id,
        start=instant("start", data.start),
        attendee=attendee,
        host_ids=tuple(dict.fromkeys(data.host_ids or ())),
        queue_id=data.queue_id,
        appointment_id=data.appointment_id,
        hold_id=data.hold_id,
        one_time_link=data.one_time_link_id,
        pending_attendee_id=data.attendee_pending_id,
        duration=data.duration,
        location=data.location,
        channel=data.channel,
        password=data.booking_password,
        phone_only=phone_only,
        overrides=overrides(data.ignore_availability),
        notify="none" if data.skip_notifications else "all",
        ics_title=data.ics_title,
        ics_description=data.ics_description,
        asked=_without_password(data),
    )


def _without_password(data: BookingBody) -> dict[str, object]:
    asked: dict[str, object] = msgspec.to_builtins(data)
    return {name: value for name, value in asked.items() if value is not None and name != "bookingPassword"}


def _series(series: Sequence[Booked], link_key: bytes) -> BookedJson:
    first = series[0].appointment
    return BookedJson(
        appointment_id=first.id,
        secret=link_secret(link_key, "appointment", first.id),
        series_id=first.series_id or UNSET,
        appointment_ids=[booked.appointment.id for booked in series],
    )


def _present(booked: Appointment, attendee_id: UUID, link_key: bytes) -> BookedJson | RequestedJson:
    if booked.meeting_info.group_booking:
        return BookedJson(appointment_id=booked.id, secret=link_secret(link_key, "attendee", attendee_id))
    if booked.waiting_for is None:
        return BookedJson(appointment_id=booked.id, secret=link_secret(link_key, "appointment", booked.id))
    kind: BookingType = "requireHostConfirmation" if booked.waiting_for == "host" else "doubleOptIn"
    return RequestedJson(booking_type=kind, provisional_booking_id=booked.id)


ROUTER = Router("/v4/booking", guards=[require_scope("scheduling", or_owner=True)], route_handlers=[book_appointment])
