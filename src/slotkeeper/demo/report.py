"""The report that people read, and the one that programs read."""

from collections.abc import Sequence
from typing import Any

import msgspec
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from slotkeeper.demo.checks import Check, instant, is_verified, vevent
from slotkeeper.demo.evidence import Evidence, Message, Person
from slotkeeper.demo.wording import line_with


def as_json(evidence: Evidence, checks: Sequence[Check], curl: str) -> str:
    document = {
        "ok": all(check.ok for check in checks),
        "checks": [{**msgspec.structs.asdict(check), "ok": check.ok} for check in checks],
        "answer": evidence.answer,
        "messages": evidence.messages,
        "webhooks": [{"headers": d.headers, "payload": d.payload} for d in evidence.deliveries],
        "reminders": {"before": evidence.reminders_before, "after": evidence.reminders_after},
        "effects": evidence.effects,
        "curl": curl,
    }
    return msgspec.json.format(msgspec.json.encode(document)).decode()


def show(evidence: Evidence, checks: Sequence[Check], console: Console) -> None:
    for title, body in (
        ("The answer", _answer(evidence)),
        ("The calendar file (ICS)", _ics(evidence)),
        ("Messages, as the mail server got them", _messages(evidence)),
        ("The webhook, as its receiver got it", _webhook(evidence)),
        ("Reminders", _reminders(evidence)),
        ("The effect ledger", _ledger(evidence)),
        (_verdict(checks), _checks(checks)),
    ):
        console.print(Panel(body, title=title, title_align="left"))


def _answer(evidence: Evidence) -> RenderableType:
    return _pairs(
        ("start", evidence.answer["appointment"]["start"]),
        ("previousStart", evidence.answer["previousStart"]),
        ("id", evidence.answer["appointment"]["id"]),
    )


def _ics(evidence: Evidence) -> RenderableType:
    old, new = vevent(evidence.before["ics"]), vevent(evidence.answer["appointment"]["ics"])
    return _pairs(
        ("UID", str(new["UID"])),
        ("SEQUENCE", f"{old['SEQUENCE']} -> {new['SEQUENCE']}"),
        ("DTSTART", f"{old.decoded('DTSTART').isoformat()} -> {new.decoded('DTSTART').isoformat()}"),
    )


def _messages(evidence: Evidence) -> RenderableType:
    people = {person.address: person for person in evidence.people}
    return Group(*(_message(evidence, mail, people.get(mail.recipient)) for mail in evidence.messages))


def _message(evidence: Evidence, mail: Message, person: Person | None) -> RenderableType:
    sequence = vevent(mail.ics)["SEQUENCE"] if mail.ics else "missing"
    lines = [mail.subject, f"ICS with METHOD {mail.method}, SEQUENCE {sequence}"]
    if person:
        times = (evidence.before["start"], evidence.answer["appointment"]["start"])
        lines[1:1] = [line_with(mail.text, instant(time), person) or "a time is missing" for time in times]
    text = Text(mail.recipient, style="bold")
    text.append(f"  {person.role}, {person.timezone}, {person.language}" if person else "  nobody of ours", style="dim")
    for line in lines:
        text.append(f"\n  {line}", style="not bold")
    return text


def _webhook(evidence: Evidence) -> RenderableType:
    parts = []
    for delivery in evidence.deliveries:
        verified = is_verified(delivery, evidence.webhook_secret)
        parts.append(
            _pairs(
                ("webhookType", str(delivery.payload.get("webhookType"))),
                ("webhook-id", delivery.headers.get("webhook-id", "missing")),
                ("webhook-signature", delivery.headers.get("webhook-signature", "missing")),
                ("verified", "yes, by the Standard Webhooks library" if verified else "NO"),
                ("start", str(delivery.payload.get("start"))),
                ("previousStart", str(delivery.payload.get("previousStart"))),
            )
        )
    return Group(*parts)


def _reminders(evidence: Evidence) -> RenderableType:
    table = _table("Before", "After")
    before = [f"{r.due_at:%a %Y-%m-%d %H:%M} UTC  {r.id}" for r in evidence.reminders_before]
    after = [f"{r.due_at:%a %Y-%m-%d %H:%M} UTC  {r.id}" for r in evidence.reminders_after]
    table.add_row("\n".join(before), "\n".join(after))
    return table


def _ledger(evidence: Evidence) -> RenderableType:
    table = _table("Kind", "Target", "State", "Attempts", "Last error")
    for effect in evidence.effects:
        table.add_row(*(_cell(effect.get(name)) for name in ("kind", "target", "state", "attempts", "lastError")))
    return table


def _verdict(checks: Sequence[Check]) -> str:
    wrong = sum(not check.ok for check in checks)
    return f"{wrong} of {len(checks)} claims did not come true" if wrong else f"All {len(checks)} claims came true"


def _checks(checks: Sequence[Check]) -> RenderableType:
    lines = Text()
    for check in checks:
        lines.append("ok     " if check.ok else "WRONG  ", style="green" if check.ok else "bold red")
        lines.append(check.claim if check.ok else f"{check.claim}: expected {check.expected}, saw {check.seen}")
        lines.append("\n")
    lines.rstrip()
    return lines


def _pairs(*pairs: tuple[str, str]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value in pairs:
        table.add_row(Text(name, style="dim"), value)
    return table


def _table(*headings: str) -> Table:
    table = Table(*headings, box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.columns[0].overflow = "fold"
    return table


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
