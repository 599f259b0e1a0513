"""The bodies of booking webhooks, field by field; the OpenAPI document's ``webhooks`` section is made of these.

Flat with ``webhookType`` first, as existing receivers know them (meetergo-v4-api.md 2.12 and 4.1); what a move adds is
docs/decisions/0008. Instants are UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from slotkeeper.records.change import Actor
from slotkeeper.records.meeting_info import MeetingInfo


class WebhookMeetingInfo(MeetingInfo, frozen=True, kw_only=True):
    meeting_link: str | None


class WebhookAttendee(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    id: UUID
    secret: str
    email: str | None
    firstname: str | None
    lastname: str | None
    fullname: str | None
    phone: str | None
    bringalong_emails: tuple[str, ...]
    notes: dict[str, object]
    receive_reminders: bool
    language: str
    timezone: str
    no_show: bool
    data_policy_accepted: bool
    double_opt_in: str
    created_at: datetime
    updated_at: datetime


class WebhookHost(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    id: UUID
    email: str
    given_name: str
    family_name: str
    full_name: str
    slug: str
    picture: str | None


class WebhookMeetingTypeInfo(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    duration: int


class WebhookMeetingType(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    id: UUID
    slug: str
    meeting_info: WebhookMeetingTypeInfo
    metadata: Mapping[str, Any]


class WebhookCancel(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    action_source: str
    action_at: datetime
    action_by: UUID | None
    reason: str | None


class WebhookBooking(msgspec.Struct, frozen=True, rename="camel", tag_field="webhookType", kw_only=True):
    """``start``, ``end`` and ``isCancelled`` are as this change left them; the appointment may have moved on."""

    id: UUID
    secret: str
    start: datetime
    end: datetime
    location: str | None
    is_cancelled: bool
    rescheduled_at: datetime | None
    meeting_info: WebhookMeetingInfo
    attendees: tuple[WebhookAttendee, ...]
    hosts: tuple[WebhookHost, ...]
    host_ids: tuple[UUID, ...]
    meeting_type: WebhookMeetingType
    meeting_type_id: UUID
    company_id: UUID
    created_at: datetime
    updated_at: datetime


class WebhookBookingCreated(WebhookBooking, frozen=True, tag="booking_created", kw_only=True):
    """``attendeeId``: who joined a group that existed; else null."""

    attendee_id: UUID | None


class WebhookBookingRescheduled(WebhookBooking, frozen=True, tag="booking_rescheduled", kw_only=True):
    """``sequence`` is iCalendar's SEQUENCE after the move; ``proposalId``: whose offer was accepted, else null."""

    previous_start: datetime | None
    previous_end: datetime | None
    sequence: int
    reason: str | None
    actor: Actor
    proposal_id: UUID | None


class WebhookBookingCancelled(WebhookBooking, frozen=True, tag="booking_cancelled", kw_only=True):
    """``attendeeId``: who left a group that goes on (``isCancelled`` is false); else null."""

    cancel: WebhookCancel
    reason: str | None
    actor: Actor
    attendee_id: UUID | None


class WebhookBookingReassigned(WebhookBooking, frozen=True, tag="booking_reassigned", kw_only=True):
    previous_host_ids: tuple[UUID, ...]
    reason: str | None
    actor: Actor


class WebhookProposal(WebhookBooking, frozen=True, tag_field="webhookType", kw_only=True):
    """``proposedStarts`` are the other times on offer; the appointment stands where it is."""

    proposal_id: UUID | None
    proposed_starts: tuple[datetime, ...]
    reason: str | None
    actor: Actor


class WebhookRescheduleProposed(WebhookProposal, frozen=True, tag="reschedule_proposed", kw_only=True):
    pass


class WebhookProposalDeclined(WebhookProposal, frozen=True, tag="reschedule_proposal_declined", kw_only=True):
    pass


class WebhookProposalWithdrawn(WebhookProposal, frozen=True, tag="reschedule_proposal_withdrawn", kw_only=True):
    pass
