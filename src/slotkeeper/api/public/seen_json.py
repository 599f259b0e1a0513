"""An appointment as its attendee sees it: nothing of other attendees, of notes and CRMs, nor of hosts beyond names."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from slotkeeper.appointments.attendee_policy import Refusal, furthest_starts
from slotkeeper.appointments.by_secret import SeenByAttendee
from slotkeeper.records.appointment import Cancellation, Status, WaitingFor


class SeenCancelJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    action_source: str | None
    action_at: datetime | None
    reason: str | None


class SeenMeetingJson(msgspec.Struct, frozen=True, kw_only=True):
    """``duration`` is minutes."""

    name: str
    description: str
    duration: int
    channel: str


class SeenHostJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    full_name: str
    picture: str | None


class SeenSelfJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    email: str | None
    fullname: str | None
    firstname: str | None
    lastname: str | None
    phone: str | None
    bringalong_emails: Sequence[str]
    notes: Mapping[str, Any]
    language: str
    timezone: str
    double_opt_in: str


class ActionJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whether the attendee may, and if not, the ``errorCode`` that an attempt would get and why."""

    allowed: bool
    error_code: str | None
    detail: str | None


class MoveJson(ActionJson, frozen=True, kw_only=True, rename="camel"):
    """``movesLeft``, ``earliestStart`` and ``latestStart`` are null where the meeting type sets no bound."""

    reason_required: bool
    moves_left: int | None
    earliest_start: datetime | None
    latest_start: datetime | None


class SeenAppointmentJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``cancel`` is an object of nulls while the appointment is live, as it is for hosts."""

    id: UUID
    start: datetime
    end: datetime
    previous_start: datetime | None
    status: Status
    waiting_for: WaitingFor | None
    is_cancelled: bool
    cancel: SeenCancelJson
    company_name: str
    meeting_info: SeenMeetingJson
    location: str | None
    meeting_link: str | None
    hosts: Sequence[SeenHostJson]
    attendee: SeenSelfJson
    ics: str
    reschedule: MoveJson
    cancellation: ActionJson
    can_confirm: bool


def present(seen: SeenByAttendee, now: datetime) -> SeenAppointmentJson:
    a, info = seen.appointment, seen.appointment.meeting_info
    return SeenAppointmentJson(
        id=a.id,
        start=a.start,
        end=a.end,
        previous_start=seen.moved_from.start if seen.moved_from else None,
        status=a.status,
        waiting_for=a.waiting_for,
        is_cancelled=a.cancellation is not None,
        cancel=_cancel(a.cancellation),
        company_name=a.company_name,
        meeting_info=SeenMeetingJson(
            name=info.name, description=info.description, duration=info.duration, channel=info.channel
        ),
        location=a.location,
        meeting_link=a.meeting_link,
        hosts=[SeenHostJson(full_name=host.full_name, picture=host.picture) for host in a.hosts],
        attendee=SeenSelfJson(**{name: getattr(seen.attendee, name) for name in SeenSelfJson.__struct_fields__}),
        ics=seen.ics,
        reschedule=_move(seen, now),
        cancellation=ActionJson(**_action(seen.why_not_cancel(now))),
        can_confirm=a.waiting_for == "attendee",
    )


def _cancel(cancellation: Cancellation | None) -> SeenCancelJson:
    if cancellation is None:
        return SeenCancelJson(action_source=None, action_at=None, reason=None)
    return SeenCancelJson(action_source=cancellation.source, action_at=cancellation.at, reason=cancellation.reason)


def _move(seen: SeenByAttendee, now: datetime) -> MoveJson:
    policy = seen.rescheduling_policy
    earliest, latest = furthest_starts(policy, seen.appointment.start) or (None, None)
    most = policy.max_changes if policy.enabled else None
    return MoveJson(
        **_action(seen.why_not_move(now)),
        reason_required=policy.enabled and policy.reason_required,
        moves_left=None if most is None else max(0, most - seen.moves_by_attendees),
        earliest_start=earliest,
        latest_start=latest,
    )


def _action(refusal: Refusal | None) -> dict[str, Any]:
    return {
        "allowed": refusal is None,
        "error_code": refusal.code if refusal else None,
        "detail": refusal.detail if refusal else None,
    }
