"""The Appointment object of the API, every field of it, composed from what is stored (seed; meetergo-v4-api.md 4.1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import asdict

from slotkeeper.appointments.stored import MeetingTypeSummary, Stored
from slotkeeper.integrations.public_fields import CrmOptions, HostingInfo, crm_options, hosting_info
from slotkeeper.records.appointment import Appointment, Cancellation
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Attendee, Host
from slotkeeper.secrets import link_secret


class CancelJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    action_source: str | None
    action_at: datetime | None
    action_by: str | None
    reason: str | None


class AttendeeJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    secret: str
    email: str | None
    fullname: str | None
    firstname: str | None
    lastname: str | None
    phone: str | None
    bringalong_emails: Sequence[str]
    notes: Mapping[str, Any]
    receive_reminders: bool
    language: str
    timezone: str
    no_show: bool
    data_policy_accepted: bool
    double_opt_in: str
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class HostJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    email: str
    given_name: str
    family_name: str
    full_name: str
    slug: str
    picture: str | None


class RoundRobinEntryJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: int
    created_at: datetime
    user_id: UUID
    group_id: UUID | None
    appointment_id: UUID
    queue_id: UUID | None
    selection_reason: str


class ResolvableErrorJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    error_code: str


class MeetingTypeJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    slug: str
    meeting_info: Mapping[str, Any]
    metadata: Mapping[str, Any]


class AppointmentJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``cancel`` is an object of nulls while the appointment is live: clients read ``cancel.actionAt``."""

    id: UUID
    secret: str
    ics: str
    meeting_info: MeetingInfo
    hosting_info: HostingInfo
    cancel: CancelJson
    crm_options: CrmOptions
    start: datetime
    end: datetime
    is_cancelled: bool
    attendees: Sequence[AttendeeJson]
    attendee_ids: Sequence[UUID]
    round_robin_entries: Sequence[RoundRobinEntryJson]
    meeting_type_id: UUID
    host_ids: Sequence[UUID]
    scheduled_reminder_ids: Sequence[UUID]
    company_id: UUID
    created_at: datetime
    updated_at: datetime
    resolvable_errors: Sequence[ResolvableErrorJson]
    rescheduled_at: datetime | None
    location: str | None
    deleted_at: datetime | None
    payment_id: str | None
    note: str | None
    transcription: str | None
    summary: str | None
    reschedule_count: int
    metadata: Mapping[str, Any]
    hosts: Sequence[HostJson]
    meeting_type: MeetingTypeJson


def present(stored: Stored, link_key: bytes) -> AppointmentJson:
    a = stored.appointment
    return AppointmentJson(
        id=a.id,
        secret=link_secret(link_key, "appointment", a.id),
        ics=stored.ics,
        meeting_info=a.meeting_info,
        hosting_info=hosting_info(a.main_host.id, a.meeting_link, stored.refs),
        cancel=_cancel(a.cancellation),
        crm_options=crm_options(stored.crm_options),
        start=a.start,
        end=a.end,
        is_cancelled=a.cancellation is not None,
        attendees=[_attendee(attendee, link_key) for attendee in a.attendees],
        attendee_ids=[attendee.id for attendee in a.attendees],
        round_robin_entries=[RoundRobinEntryJson(**asdict(entry)) for entry in stored.round_robin_entries],
        meeting_type_id=a.meeting_type_id,
        host_ids=[host.id for host in a.hosts],
        scheduled_reminder_ids=stored.reminder_ids,
        company_id=a.company_id,
        created_at=a.created_at,
        updated_at=a.updated_at,
        resolvable_errors=[ResolvableErrorJson(error_code=code) for code in stored.error_codes],
        rescheduled_at=a.rescheduled_at,
        location=a.location,
        deleted_at=a.deleted_at,
        payment_id=stored.payment_id,
        note=a.note,
        transcription=stored.transcription,
        summary=stored.summary,
        reschedule_count=stored.reschedule_count,
        metadata=stored.metadata,
        hosts=[_host(host) for host in a.hosts],
        meeting_type=_meeting_type(stored.meeting_type),
    )


def etag_version(appointment: Appointment) -> str:
    """Grows with every write, and with every change of the state that an answer shows."""
    return str(appointment.version)


def _cancel(cancellation: Cancellation | None) -> CancelJson:
    if cancellation is None:
        return CancelJson(action_source=None, action_at=None, action_by=None, reason=None)
    return CancelJson(
        action_source=cancellation.source,
        action_at=cancellation.at,
        action_by=cancellation.by,
        reason=cancellation.reason,
    )


def _attendee(attendee: Attendee, link_key: bytes) -> AttendeeJson:
    fields = {name: getattr(attendee, name) for name in _ATTENDEE_FIELDS}
    return AttendeeJson(secret=link_secret(link_key, "attendee", attendee.id), **fields)


def _host(host: Host) -> HostJson:
    return HostJson(
        id=host.id,
        email=host.email,
        given_name=host.given_name,
        family_name=host.family_name,
        full_name=host.full_name,
        slug=host.slug,
        picture=host.picture,
    )


def _meeting_type(kind: MeetingTypeSummary) -> MeetingTypeJson:
    return MeetingTypeJson(id=kind.id, slug=kind.slug, meeting_info=kind.meeting_info, metadata=kind.metadata)


_ATTENDEE_FIELDS = tuple(name for name in AttendeeJson.__struct_fields__ if name != "secret")
