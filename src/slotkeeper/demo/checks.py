"""Is the report true? Each claim with what was expected and what was seen. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from icalendar import Calendar
from standardwebhooks import Webhook, WebhookVerificationError

from slotkeeper.demo.evidence import Delivery, Evidence, Message, Person
from slotkeeper.demo.wording import line_with


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """``expected`` and ``seen`` are what people and programs read; the claim came true if they are equal."""

    claim: str
    expected: str
    seen: str

    @property
    def ok(self) -> bool:
        return self.expected == self.seen


def check_all(evidence: Evidence) -> list[Check]:
    return [
        *_answer(evidence),
        *_ics(evidence),
        *(check for person in evidence.people for check in _messages(evidence, person)),
        _nobody_else(evidence),
        *_webhook(evidence),
        *_reminders(evidence),
        *_effects(evidence),
    ]


def _answer(evidence: Evidence) -> Iterator[Check]:
    appointment = evidence.answer["appointment"]
    yield _same("the answer's start", evidence.moved_to, instant(appointment["start"]))
    yield _same(
        "the answer's previousStart", instant(evidence.before["start"]), instant(evidence.answer["previousStart"])
    )
    for name in ("id", "secret", "hostIds", "attendeeIds"):
        yield _same(f"{name} stayed", evidence.before[name], appointment[name])


def _ics(evidence: Evidence) -> Iterator[Check]:
    old, new = vevent(evidence.before["ics"]), vevent(evidence.answer["appointment"]["ics"])
    yield _same("the ICS: same UID", old["UID"], new["UID"])
    yield _same("the ICS: SEQUENCE grew by one", int(old["SEQUENCE"]) + 1, int(new["SEQUENCE"]))
    yield _same("the ICS: DTSTART", evidence.moved_to, new.decoded("DTSTART"))


def _messages(evidence: Evidence, person: Person) -> Iterator[Check]:
    mails = [message for message in evidence.messages if message.recipient == person.address]
    yield _same(f"{person.role} {person.address}: exactly one message", 1, len(mails))
    for mail in mails[:1]:
        yield from _message(evidence, person, mail)


def _message(evidence: Evidence, person: Person, mail: Message) -> Iterator[Check]:
    event = vevent(mail.ics) if mail.ics else {}
    new = vevent(evidence.answer["appointment"]["ics"])
    old_line = line_with(mail.text, instant(evidence.before["start"]), person)
    new_line = line_with(mail.text, evidence.moved_to, person)
    where = f"in {person.timezone}, in {person.language}"
    yield _same(f"{person.role}: the old time {where}", True, old_line is not None)
    yield _same(f"{person.role}: the new time {where}", True, new_line is not None)
    yield _same(f"{person.role}: METHOD of the MIME type and of the ICS", "REQUEST, REQUEST", _methods(mail))
    yield _same(
        f"{person.role}: the ICS of the answer is attached",
        [str(new["UID"]), int(new["SEQUENCE"]), evidence.moved_to.timestamp()],
        [str(event.get("UID")), int(event.get("SEQUENCE", -1)), _starts(event)],
    )


def _starts(event: Any) -> float | None:
    return event.decoded("DTSTART").timestamp() if event else None


def _methods(mail: Message) -> str:
    body = Calendar.from_ical(mail.ics).get("METHOD") if mail.ics else None
    return f"{mail.method}, {body}"


def _nobody_else(evidence: Evidence) -> Check:
    known = {person.address for person in evidence.people}
    others = sorted({message.recipient for message in evidence.messages} - known)
    return _same("nobody else got a message", [], others)


def _webhook(evidence: Evidence) -> Iterator[Check]:
    fired = [d for d in evidence.deliveries if d.payload.get("webhookType") == "booking_rescheduled"]
    yield _same("webhook: exactly one booking_rescheduled", 1, len(fired))
    for delivery in fired[:1]:
        payload = delivery.payload
        yield _same("webhook: the signature verifies", True, is_verified(delivery, evidence.webhook_secret))
        yield _same("webhook: previousStart", instant(evidence.before["start"]), instant(payload["previousStart"]))
        yield _same("webhook: start", evidence.moved_to, instant(payload["start"]))


def _reminders(evidence: Evidence) -> Iterator[Check]:
    delta = evidence.moved_to - instant(evidence.before["start"])
    yield _same("reminders: some were planned", True, bool(evidence.reminders_before))
    yield _same(
        "reminders: all moved as far as the appointment",
        [(reminder.due_at + delta).isoformat() for reminder in evidence.reminders_before],
        [reminder.due_at.isoformat() for reminder in evidence.reminders_after],
    )


def _effects(evidence: Evidence) -> Iterator[Check]:
    kinds = [effect["kind"] for effect in evidence.effects]
    yield _same("ledger: one e-mail for each person", len(evidence.people), kinds.count("email"))
    yield _same("ledger: one webhook", 1, kinds.count("webhook"))
    yield _same("ledger: every effect is done", ["done"] * len(kinds), [effect["state"] for effect in evidence.effects])
    yield _same("ledger: nothing needs a person", [], evidence.answer["appointment"]["resolvableErrors"])


def is_verified(delivery: Delivery, secret: str) -> bool:
    """By the reference library of Standard Webhooks, as any receiver would."""
    try:
        Webhook(secret).verify(delivery.body, dict(delivery.headers))
    except WebhookVerificationError:
        return False
    return True


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def vevent(ics: str) -> Any:
    return next(iter(Calendar.from_ical(ics).walk("VEVENT")))


def _same(claim: str, expected: object, seen: object) -> Check:
    if isinstance(expected, datetime) and isinstance(seen, datetime):
        expected, seen = expected.timestamp(), seen.timestamp()
    return Check(claim=claim, expected=_text(expected), seen=_text(seen))


def _text(value: object) -> str:
    if isinstance(value, Sequence | Mapping) and not isinstance(value, str):
        return msgspec.json.encode(value).decode()
    return str(value)
