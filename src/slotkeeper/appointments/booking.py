"""What a booking asks for, and what appointment it becomes. Pure."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from slotkeeper.appointments.verdict import Verdict
from slotkeeper.integrations.registry import link_for
from slotkeeper.records.appointment import Appointment, WaitingFor
from slotkeeper.records.caller import Caller, Visitor
from slotkeeper.records.change import Actor, Change, Kind, Notify
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Attendee, Host


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """The request. ``duration`` is minutes; without ``host_ids`` and ``queue_id`` the meeting type's queue, else its
    owner, holds the appointment. ``appointment_id`` names the group to join."""

    meeting_type_id: UUID
    start: datetime
    attendee: Attendee
    host_ids: tuple[UUID, ...] = ()
    queue_id: UUID | None = None
    appointment_id: UUID | None = None
    hold_id: UUID | None = None
    one_time_link: str | None = None
    """Its id or its token."""
    pending_attendee_id: int | None = None
    """Forgotten once the booking is made."""
    series_id: UUID | None = None
    duration: int | None = None
    location: str | None = None
    channel: str | None = None
    password: str | None = None
    phone_only: bool = False
    overrides: frozenset[str] = frozenset()
    notify: Notify = "all"
    ics_title: str | None = None
    ics_description: str | None = None
    metadata: dict[str, str] = {}
    asked: dict[str, object] = {}
    """The request as it came, in the API's names: shown while it waits for somebody's word."""


class IcsTexts(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting type's own texts for calendar files; ``ics/variables.py`` says what they may hold."""

    title: str | None = None
    description: str | None = None
    location: str | None = None


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """``joined``: the appointment existed, and the attendee took a seat in it."""

    appointment: Appointment
    attendee: Attendee
    verdict: Verdict
    joined: bool = False


def appointment_of(
    request: Booking,
    *,
    company_id: UUID,
    company_name: str,
    info: MeetingInfo,
    ics: IcsTexts,
    seats: int,
    hosts: tuple[Host, ...],
    waiting_for: WaitingFor | None,
    queue_id: UUID | None,
    custom_link: str | None,
    now: datetime,
) -> Appointment:
    appointment_id = uuid4()
    appointment = Appointment(
        id=appointment_id,
        company_id=company_id,
        company_name=company_name,
        meeting_type_id=request.meeting_type_id,
        uid=f"{appointment_id}@slotkeeper",
        sequence=0,
        version=1,
        status="tentative" if waiting_for else "confirmed",
        waiting_for=waiting_for,
        start=request.start,
        end=request.start + timedelta(minutes=info.duration),
        hosts=hosts,
        attendees=(request.attendee,),
        meeting_info=info,
        seats=seats,
        series_id=request.series_id,
        queue_id=queue_id,
        location=request.location or ics.location,
        ics_title=request.ics_title or ics.title,
        ics_description=request.ics_description or ics.description,
        created_at=now,
        updated_at=now,
        stamped_at=now.replace(microsecond=0),
    )
    return msgspec.structs.replace(appointment, meeting_link=custom_link or link_for(appointment))


def booked_by(caller: Caller | Visitor) -> tuple[Actor, str]:
    """Who books, and through what."""
    if isinstance(caller, Visitor):
        return Actor(kind="attendee", id=caller.attendee_id, name=caller.name), "booking page"
    return Actor(kind="api", id=caller.user_id, name=caller.user_name), "api"


def change_of(booked: Booked, request: Booking, actor: Actor, through: str) -> Change:
    appointment = booked.appointment
    kind: Kind = "joined" if booked.joined else "requested" if appointment.waiting_for else "booked"
    return Change(
        appointment_id=appointment.id,
        sequence=appointment.sequence,
        kind=kind,
        at=appointment.stamped_at,
        actor=actor,
        through=through,
        start=appointment.start,
        end=appointment.end,
        overridden=booked.verdict.overridden_rules,
        notify=request.notify,
        attendee_id=booked.attendee.id if booked.joined else None,
    )
