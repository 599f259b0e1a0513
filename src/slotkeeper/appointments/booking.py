"""What a booking asks for, and what appointment it becomes. Pure."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from slotkeeper.appointments.situation import HostTimes, MeetingTypeRules
from slotkeeper.appointments.verdict import Verdict
from slotkeeper.errors import Malformed
from slotkeeper.integrations.registry import link_for
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Caller
from slotkeeper.records.change import Actor, Change, Notify
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Attendee, Host


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """The request. ``duration`` is minutes; without ``host_ids`` the meeting type's owner holds the appointment."""

    meeting_type_id: UUID
    start: datetime
    attendee: Attendee
    host_ids: tuple[UUID, ...] = ()
    duration: int | None = None
    location: str | None = None
    channel: str | None = None
    overrides: frozenset[str] = frozenset()
    notify: Notify = "all"
    ics_title: str | None = None
    ics_description: str | None = None
    metadata: dict[str, str] = {}


class OfferedType(msgspec.Struct, frozen=True, kw_only=True):
    enabled: bool
    meeting_info: MeetingInfo
    allowed_durations: tuple[int, ...] = ()
    crm_options: dict[str, object] = {}


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    company_name: str
    offered: OfferedType
    meeting_type: MeetingTypeRules
    people: tuple[Host, ...]
    hosts: tuple[HostTimes, ...]


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    appointment: Appointment
    verdict: Verdict


def info_of(offered: OfferedType, request: Booking) -> MeetingInfo:
    """The appointment's own copy of the meeting's description, with the asked duration and channel."""
    info = offered.meeting_info
    if not offered.enabled:
        raise Malformed.field("meetingTypeId", "this meeting type is disabled")
    if request.duration not in (None, info.duration, *offered.allowed_durations):
        raise Malformed.field("duration", "must be the meeting type's duration or one of its allowedDurations")
    return msgspec.structs.replace(
        info, duration=request.duration or info.duration, channel=request.channel or info.channel
    )


def appointment_of(
    situation: Situation, info: MeetingInfo, caller: Caller, request: Booking, now: datetime
) -> Appointment:
    appointment_id = uuid4()
    appointment = Appointment(
        id=appointment_id,
        company_id=caller.company_id,
        company_name=situation.company_name,
        meeting_type_id=request.meeting_type_id,
        uid=f"{appointment_id}@slotkeeper",
        sequence=0,
        version=1,
        status="confirmed",
        start=request.start,
        end=request.start + timedelta(minutes=info.duration),
        hosts=situation.people,
        attendees=(request.attendee,),
        meeting_info=info,
        location=request.location,
        ics_title=request.ics_title,
        ics_description=request.ics_description,
        created_at=now,
        updated_at=now,
        stamped_at=now.replace(microsecond=0),
    )
    return msgspec.structs.replace(appointment, meeting_link=link_for(appointment))


def change_of(booked: Booked, request: Booking, caller: Caller) -> Change:
    appointment = booked.appointment
    return Change(
        appointment_id=appointment.id,
        sequence=0,
        kind="booked",
        at=appointment.stamped_at,
        actor=Actor(kind="api", id=caller.user_id, name=caller.user_name),
        through="api",
        start=appointment.start,
        end=appointment.end,
        overridden=booked.verdict.overridden_rules,
        notify=request.notify,
    )
