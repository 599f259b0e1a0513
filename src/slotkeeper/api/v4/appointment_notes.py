"""What hosts write beside an appointment, and whom its attendees bring (the tag «Appointment V4»)."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from slotkeeper.api.answer import Answer
from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import CHANGING_AN_APPOINTMENT, problems, success
from slotkeeper.api.perform import perform
from slotkeeper.api.preconditions import check_if_match, etag_of
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointment_json import AppointmentJson
from slotkeeper.api.v4.appointments import AppointmentId, IdempotencyKey, IfMatch, shown
from slotkeeper.appointments.add_guest import AddGuest, add_guest
from slotkeeper.appointments.annotate import Annotation, annotate
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection
from slotkeeper.records.caller import Caller
from slotkeeper.records.email_address import Email

_ANSWERS = {200: success(AppointmentJson, "As it is now"), **problems(*CHANGING_AN_APPOINTMENT)}
LongText = Annotated[str, msgspec.Meta(max_length=100_000)]


class GuestBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    attendee_id: UUID
    email: Email


class NoteBody(msgspec.Struct, frozen=True, kw_only=True):
    """Replaces the host's note; null clears it."""

    note: LongText | None


class TranscriptionBody(msgspec.Struct, frozen=True, kw_only=True):
    """Markdown. What is left out stays; null clears."""

    transcription: LongText | UnsetType | None = UNSET
    summary: LongText | UnsetType | None = UNSET


class NoShowBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Without `attendeeId`: every attendee."""

    no_show: bool
    attendee_id: UUID | None = None


@patch("/{id:str}/guest", summary="Add a guest", responses=_ANSWERS)
async def add_guest_to_appointment(
    request: Request[Any, Any, Any],
    appointment_id: AppointmentId,
    data: JSONBody[GuestBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """One guest per call, five per attendee at most. The guest is invited, and calendars follow."""
    wanted = AddGuest(appointment_id=appointment_id, attendee_id=data.attendee_id, email=data.email)

    async def attempt(connection: Connection, _locked: bool) -> Answer:
        return shown(await add_guest(connection, caller, wanted, services.clock()), caller)

    return (await perform(services, caller, request, idempotency_key, attempt)).response()


@patch("/{id:str}/notes", summary="Replace the host's note", responses=_ANSWERS)
async def update_note(
    appointment_id: AppointmentId,
    data: JSONBody[NoteBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    if_match: IfMatch = None,
) -> Response[Any]:
    return await _annotated(services, caller, appointment_id, Annotation(note=data.note), if_match)


@patch("/{id:str}/transcription", summary="Write the transcription and its summary", responses=_ANSWERS)
async def update_transcription(
    appointment_id: AppointmentId,
    data: JSONBody[TranscriptionBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    if_match: IfMatch = None,
) -> Response[Any]:
    written = Annotation(transcription=data.transcription, summary=data.summary)
    return await _annotated(services, caller, appointment_id, written, if_match)


@patch("/{id:str}/no-show", summary="Say who did not come", responses=_ANSWERS)
async def update_no_show(
    appointment_id: AppointmentId,
    data: JSONBody[NoShowBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    if_match: IfMatch = None,
) -> Response[Any]:
    said = Annotation(no_show=data.no_show, attendee_id=data.attendee_id)
    return await _annotated(services, caller, appointment_id, said, if_match)


async def _annotated(
    services: Services, caller: Caller, appointment_id: UUID, annotation: Annotation, if_match: str | None
) -> Response[Any]:
    def precondition(version: int) -> None:
        check_if_match(if_match, etag_of(version))

    async def attempt(connection: Connection, _locked: bool) -> Answer:
        now = services.clock()
        return shown(await annotate(connection, caller, appointment_id, annotation, now, precondition), caller)

    return (await in_attempts(services.pool, attempt)).response()


ROUTER = Router(
    "/v4/appointment",
    guards=[require_scope("scheduling")],
    tags=["Appointment V4"],
    route_handlers=[add_guest_to_appointment, update_note, update_transcription, update_no_show],
)
