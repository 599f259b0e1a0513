from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Actor, Change, Kind
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Attendee, Host
from slotkeeper.webhooks.payload_shapes import (
    WebhookBookingCancelled,
    WebhookBookingCreated,
    WebhookBookingRescheduled,
)
from slotkeeper.webhooks.payloads import payload

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
OLD = datetime(2026, 3, 8, 10, 0, tzinfo=UTC)
NEW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
HOST, ATTENDEE = UUID(int=1), UUID(int=2)


class Type(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    slug: str
    meeting_info: dict[str, Any]
    metadata: dict[str, Any]


TYPE = Type(
    id=UUID(int=3),
    slug="intro",
    meeting_info={"name": "Renamed since", "duration": 45, "bufferBefore": 5},
    metadata={"team": "north"},
)


def appointment() -> Appointment:
    return Appointment(
        id=UUID(int=4),
        company_id=UUID(int=5),
        company_name="Praxis",
        meeting_type_id=UUID(int=3),
        uid="4@example.com",
        sequence=1,
        version=2,
        status="confirmed",
        start=NEW,
        end=NEW + HALF_AN_HOUR,
        hosts=(
            Host(
                id=HOST,
                email="host@example.com",
                given_name="Helga",
                family_name="Weiß",
                slug="helga",
                timezone="Europe/Berlin",
                language="de",
            ),
        ),
        attendees=(
            Attendee(
                id=ATTENDEE,
                email="guest@example.com",
                fullname="Greta Guest",
                notes={"z": 1, "a": 2},
                bringalong_emails=("friend@example.com",),
                created_at=NOW,
                updated_at=NOW,
            ),
        ),
        meeting_info=MeetingInfo(name="Intro call", description="Hello", duration=30, channel="jitsi"),
        location="Room 1",
        meeting_link="https://meet.example/x",
        created_at=NOW,
        updated_at=NOW,
        stamped_at=NOW,
    )


def change(kind: Kind = "rescheduled", **other: Any) -> Change:
    told = Change(
        appointment_id=UUID(int=4),
        sequence=1,
        kind=kind,
        at=NOW,
        actor=Actor(kind="host", id=HOST, name="Helga Weiß"),
        through="api",
        start=NEW,
        end=NEW + HALF_AN_HOUR,
        previous_start=OLD,
        previous_end=OLD + HALF_AN_HOUR,
        reason="ill",
    )
    return replace(told, **other)


def bytes_of(told: Change, of: Appointment | None = None) -> bytes:
    return payload(
        of or appointment(),
        told,
        meeting_type=TYPE,
        appointment_secret="secret of the appointment",
        attendee_secrets={ATTENDEE: "secret of the attendee"},
    )


def body_of(told: Change, of: Appointment | None = None) -> dict[str, Any]:
    body: dict[str, Any] = msgspec.json.decode(bytes_of(told, of))
    return body


COMMON = [
    "webhookType",
    "id",
    "secret",
    "start",
    "end",
    "location",
    "isCancelled",
    "rescheduledAt",
    "meetingInfo",
    "attendees",
    "hosts",
    "hostIds",
    "meetingType",
    "meetingTypeId",
    "companyId",
    "createdAt",
    "updatedAt",
]


@pytest.mark.parametrize(
    ("kind", "webhook_type", "own"),
    [
        ("booked", "booking_created", ["attendeeId"]),
        (
            "rescheduled",
            "booking_rescheduled",
            ["previousStart", "previousEnd", "sequence", "reason", "actor", "proposalId"],
        ),
        ("cancelled", "booking_cancelled", ["cancel", "reason", "actor", "attendeeId"]),
        ("joined", "booking_created", ["attendeeId"]),
        ("left", "booking_cancelled", ["cancel", "reason", "actor", "attendeeId"]),
        ("handed_off", "booking_reassigned", ["previousHostIds", "reason", "actor"]),
        ("proposed", "reschedule_proposed", ["proposalId", "proposedStarts", "reason", "actor"]),
    ],
)
def test_a_body_is_flat_with_webhook_type_first_and_the_fields_that_clients_know(
    kind: Kind, webhook_type: str, own: list[str]
) -> None:
    body = body_of(change(kind))
    assert list(body) == COMMON + own
    assert body["webhookType"] == webhook_type


def test_a_moves_body_has_old_and_new_time_and_who_moved_it_and_why() -> None:
    body = body_of(change())
    told = (
        "start",
        "end",
        "previousStart",
        "previousEnd",
        "sequence",
        "reason",
        "actor",
        "rescheduledAt",
        "isCancelled",
    )
    assert {name: body[name] for name in told} == {
        "start": "2026-03-10T14:00:00Z",
        "end": "2026-03-10T14:30:00Z",
        "previousStart": "2026-03-08T10:00:00Z",
        "previousEnd": "2026-03-08T10:30:00Z",
        "sequence": 1,
        "reason": "ill",
        "actor": {"kind": "host", "id": str(HOST), "name": "Helga Weiß"},
        "rescheduledAt": "2026-03-01T09:00:00Z",
        "isCancelled": False,
    }


def test_a_body_tells_of_its_own_change_though_the_appointment_has_moved_on() -> None:
    later = replace(appointment(), start=NEW + HALF_AN_HOUR, end=NEW + 2 * HALF_AN_HOUR, sequence=7, status="cancelled")
    assert bytes_of(change(), later) == bytes_of(change())


def test_a_cancellation_says_who_cancelled_when_and_why() -> None:
    body = body_of(change("cancelled"))
    assert body["isCancelled"] is True
    assert body["cancel"] == {
        "actionSource": "host",
        "actionAt": "2026-03-01T09:00:00Z",
        "actionBy": str(HOST),
        "reason": "ill",
    }


def test_people_and_meeting_type_are_told_in_the_apis_own_names() -> None:
    body = body_of(change("booked"))
    [attendee], [host] = body["attendees"], body["hosts"]
    assert (body["secret"], attendee["secret"]) == ("secret of the appointment", "secret of the attendee")
    assert {"id", "email", "firstname", "lastname", "fullname", "phone", "timezone", "language"} <= set(attendee)
    assert host == {
        "id": str(HOST),
        "email": "host@example.com",
        "givenName": "Helga",
        "familyName": "Weiß",
        "fullName": "Helga Weiß",
        "slug": "helga",
        "picture": None,
    }
    assert body["hostIds"] == [str(HOST)]
    assert body["meetingType"] == {
        "id": str(UUID(int=3)),
        "slug": "intro",
        "meetingInfo": {"name": "Renamed since", "duration": 45},
        "metadata": {"team": "north"},
    }


def test_the_meeting_is_told_as_the_appointment_keeps_it_with_its_link() -> None:
    info = body_of(change("booked"))["meetingInfo"]
    told = {name: info[name] for name in ("name", "description", "duration", "channel", "meetingLink")}
    assert told == {
        "name": "Intro call",
        "description": "Hello",
        "duration": 30,
        "channel": "jitsi",
        "meetingLink": "https://meet.example/x",
    }


def test_the_shapes_that_the_openapi_document_is_made_of_are_those_that_are_sent() -> None:
    shapes = WebhookBookingCreated | WebhookBookingRescheduled | WebhookBookingCancelled
    kinds: tuple[Kind, ...] = ("booked", "rescheduled", "cancelled")
    for kind in kinds:
        sent = bytes_of(change(kind))
        assert msgspec.json.encode(msgspec.json.decode(sent, type=shapes)) == sent
