"""The demo's judge: a true story passes, and each lie is found by the claim that it breaks."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook

from slotkeeper.demo.checks import check_all
from slotkeeper.demo.evidence import Delivery, Evidence, Message, Person, PlannedReminder

OLD, NEW = datetime(2026, 3, 10, 10, tzinfo=UTC), datetime(2026, 3, 12, 14, tzinfo=UTC)
HOST = Person(address="host@example.com", role="host", timezone="Europe/London", language="en")
SECRET = "whsec_c2xvdGtlZXBlcg=="
TEXT = "Before: Tuesday, March 10, 2026, 10:00 AM\nNow: Thursday, March 12, 2026, 2:00 PM"


def ics(start: datetime, sequence: int, uid: str = "a@slotkeeper", method: str = "REQUEST") -> str:
    return "\r\n".join([
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//t//t//EN", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{uid}",
        f"SEQUENCE:{sequence}", "DTSTAMP:20260301T000000Z", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "END:VEVENT",
        "END:VCALENDAR", "",
    ])  # fmt: skip


def appointment(start: datetime, sequence: int) -> dict[str, Any]:
    stays = {"id": "a", "secret": "s", "hostIds": ["h"], "attendeeIds": ["t"], "resolvableErrors": []}
    return {**stays, "start": start.isoformat(), "ics": ics(start, sequence)}


def delivery(body: Mapping[str, Any], secret: str = SECRET) -> Delivery:
    raw, now = msgspec.json.encode(body), datetime.now(UTC)
    headers = {
        "webhook-id": "1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("1", now, raw.decode()),
    }
    return Delivery(headers=headers, body=raw)


def reminder(due_at: datetime) -> PlannedReminder:
    return PlannedReminder(id=UUID(int=due_at.hour), due_at=due_at)


MOVED = {"webhookType": "booking_rescheduled", "start": NEW.isoformat(), "previousStart": OLD.isoformat()}
MAIL = Message(recipient=HOST.address, subject="Moved", text=TEXT, method="REQUEST", ics=ics(NEW, 1))
HOUR = timedelta(hours=1)
TRUE = Evidence(
    people=[HOST],
    moved_to=NEW,
    before=appointment(OLD, 0),
    answer={"appointment": appointment(NEW, 1), "previousStart": OLD.isoformat()},
    messages=[MAIL],
    deliveries=[delivery(MOVED)],
    webhook_secret=SECRET,
    reminders_before=[reminder(OLD - HOUR)],
    reminders_after=[reminder(NEW - HOUR)],
    effects=[{"kind": "email", "state": "done"}, {"kind": "webhook", "state": "done"}],
)


def test_a_true_story_passes() -> None:
    """Signed now: a signature is good for five minutes, and this module may have been imported before."""
    story = replace(TRUE, deliveries=[delivery(MOVED)])
    assert [check.claim for check in check_all(story) if not check.ok] == []


@pytest.mark.parametrize(
    ("lie", "claim"),
    [
        pytest.param({"messages": []}, "exactly one message", id="no-mail"),
        pytest.param({"messages": [MAIL, MAIL]}, "exactly one message", id="two-mails"),
        pytest.param({"messages": [MAIL, replace(MAIL, recipient="x@y.z")]}, "nobody else", id="a-stranger"),
        pytest.param({"messages": [replace(MAIL, text=TEXT.splitlines()[1])]}, "old time", id="no-old-time"),
        pytest.param({"messages": [replace(MAIL, text=TEXT.splitlines()[0])]}, "new time", id="no-new-time"),
        pytest.param({"messages": [replace(MAIL, method="PUBLISH")]}, "METHOD", id="another-method-in-the-mime-type"),
        pytest.param(
            {"messages": [replace(MAIL, ics=ics(NEW, 1, method="CANCEL"))]}, "METHOD", id="another-method-in-the-ics"
        ),
        pytest.param({"messages": [replace(MAIL, ics=ics(NEW, 0))]}, "is attached", id="an-old-sequence"),
        pytest.param({"messages": [replace(MAIL, ics=ics(NEW, 1, uid="b"))]}, "is attached", id="another-uid"),
        pytest.param({"messages": [replace(MAIL, ics=None, method=None)]}, "is attached", id="no-ics"),
        pytest.param({"deliveries": []}, "exactly one booking_rescheduled", id="no-webhook"),
        pytest.param({"deliveries": [delivery(MOVED)] * 2}, "exactly one booking_rescheduled", id="two-webhooks"),
        pytest.param({"webhook_secret": "whsec_b3RoZXI="}, "signature", id="another-secret"),
        pytest.param(
            {"deliveries": [delivery({**MOVED, "previousStart": NEW.isoformat()})]},
            "previousStart",
            id="wrong-old-time",
        ),
        pytest.param({"reminders_after": [reminder(OLD - HOUR)]}, "moved as far", id="a-reminder-stayed"),
        pytest.param({"reminders_after": []}, "moved as far", id="a-reminder-is-gone"),
        pytest.param({"moved_to": NEW + HOUR}, "the answer's start", id="another-start"),
        pytest.param(
            {"effects": [{"kind": "email", "state": "done"}, {"kind": "webhook", "state": "retrying"}]},
            "every effect is done",
            id="an-effect-is-not-done",
        ),
        pytest.param({"effects": []}, "one webhook", id="an-empty-ledger"),
    ],
)
def test_a_lie_is_found(lie: Mapping[str, Any], claim: str) -> None:
    assert any(claim in check.claim for check in check_all(replace(TRUE, **lie)) if not check.ok)
