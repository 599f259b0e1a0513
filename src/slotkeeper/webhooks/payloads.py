"""What a webhook tells of one change of an appointment. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from msgspec.structs import asdict

from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change, Kind
from slotkeeper.records.people import Attendee, Host
from slotkeeper.webhooks.payload_shapes import (
    WebhookAttendee,
    WebhookBooking,
    WebhookBookingCancelled,
    WebhookBookingCreated,
    WebhookBookingReassigned,
    WebhookBookingRescheduled,
    WebhookCancel,
    WebhookHost,
    WebhookMeetingInfo,
    WebhookMeetingType,
    WebhookMeetingTypeInfo,
    WebhookProposal,
    WebhookProposalDeclined,
    WebhookProposalWithdrawn,
    WebhookRescheduleProposed,
)

WEBHOOK_TYPE_OF: Mapping[Kind, str] = {
    "booked": "booking_created",
    "confirmed": "booking_created",
    "joined": "booking_created",
    "rescheduled": "booking_rescheduled",
    "cancelled": "booking_cancelled",
    "left": "booking_cancelled",
    "handed_off": "booking_reassigned",
    "proposed": "reschedule_proposed",
    "proposal_declined": "reschedule_proposal_declined",
    "proposal_withdrawn": "reschedule_proposal_withdrawn",
}
"""As the API has it, one attendee who leaves a group is a ``booking_cancelled`` too. The last four are our own."""


class MeetingType(Protocol):
    """What is told of a meeting type; ``meeting_info`` is in the API's own field names."""

    @property
    def id(self) -> UUID: ...
    @property
    def slug(self) -> str: ...
    @property
    def meeting_info(self) -> Mapping[str, Any]: ...
    @property
    def metadata(self) -> Mapping[str, Any]: ...


def payload(
    appointment: Appointment,
    change: Change,
    *,
    meeting_type: MeetingType,
    appointment_secret: str,
    attendee_secrets: Mapping[UUID, str],
) -> bytes:
    """The JSON body that tells of this change; the same arguments give the same bytes."""
    booking = _booking(appointment, change, meeting_type, appointment_secret, attendee_secrets)
    return msgspec.json.encode(_told(booking, change))


def _told(booking: dict[str, Any], change: Change) -> WebhookBooking:
    webhook_type = WEBHOOK_TYPE_OF[change.kind]
    if webhook_type == "booking_created":
        return WebhookBookingCreated(**booking, attendee_id=change.attendee_id)
    why: dict[str, Any] = {"reason": change.reason, "actor": change.actor}
    if webhook_type == "booking_cancelled":
        return WebhookBookingCancelled(cancel=_cancel(change), attendee_id=change.attendee_id, **why, **booking)
    if webhook_type == "booking_reassigned":
        return WebhookBookingReassigned(previous_host_ids=change.previous_host_ids, **why, **booking)
    if shape := _PROPOSALS.get(webhook_type):
        return shape(proposal_id=change.proposal_id, proposed_starts=change.proposed_starts, **why, **booking)
    return WebhookBookingRescheduled(
        previous_start=change.previous_start,
        previous_end=change.previous_end,
        sequence=change.sequence,
        proposal_id=change.proposal_id,
        **why,
        **booking,
    )


_PROPOSALS: Mapping[str, type[WebhookProposal]] = {
    "reschedule_proposed": WebhookRescheduleProposed,
    "reschedule_proposal_declined": WebhookProposalDeclined,
    "reschedule_proposal_withdrawn": WebhookProposalWithdrawn,
}


def _cancel(change: Change) -> WebhookCancel:
    return WebhookCancel(
        action_source=change.actor.kind, action_at=change.at, action_by=change.actor.id, reason=change.reason
    )


def _booking(
    appointment: Appointment,
    change: Change,
    meeting_type: MeetingType,
    appointment_secret: str,
    attendee_secrets: Mapping[UUID, str],
) -> dict[str, Any]:
    return {
        "id": appointment.id,
        "secret": appointment_secret,
        "start": change.start,
        "end": change.end,
        "location": appointment.location,
        "is_cancelled": change.kind == "cancelled",
        "rescheduled_at": _rescheduled_at(appointment, change),
        "meeting_info": WebhookMeetingInfo(meeting_link=appointment.meeting_link, **asdict(appointment.meeting_info)),
        "attendees": tuple(_attendee(a, attendee_secrets[a.id]) for a in appointment.attendees),
        "hosts": tuple(_host(host) for host in appointment.hosts),
        "host_ids": tuple(host.id for host in appointment.hosts),
        "meeting_type": _meeting_type(meeting_type),
        "meeting_type_id": appointment.meeting_type_id,
        "company_id": appointment.company_id,
        "created_at": appointment.created_at,
        "updated_at": appointment.updated_at,
    }


def _rescheduled_at(appointment: Appointment, change: Change) -> datetime | None:
    if change.kind == "booked":
        return None
    return change.at if change.kind == "rescheduled" else appointment.rescheduled_at


def _attendee(attendee: Attendee, secret: str) -> WebhookAttendee:
    return WebhookAttendee(secret=secret, **{name: getattr(attendee, name) for name in _ATTENDEE_FIELDS})


def _host(host: Host) -> WebhookHost:
    return WebhookHost(**{name: getattr(host, name) for name in WebhookHost.__struct_fields__})


def _meeting_type(meeting_type: MeetingType) -> WebhookMeetingType:
    info = meeting_type.meeting_info
    return WebhookMeetingType(
        id=meeting_type.id,
        slug=meeting_type.slug,
        meeting_info=WebhookMeetingTypeInfo(name=info["name"], duration=info["duration"]),
        metadata=meeting_type.metadata,
    )


_ATTENDEE_FIELDS = tuple(name for name in WebhookAttendee.__struct_fields__ if name != "secret")
