"""Tell everyone: each attendee, bring-along guest and host gets one message per change."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.emails.imip import build_message
from slotkeeper.emails.recipient import Recipient
from slotkeeper.emails.render import render
from slotkeeper.ics.build import build_ics
from slotkeeper.jobs.outcomes import Done
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change
from slotkeeper.records.effect import PlannedEffect
from slotkeeper.records.people import Attendee
from slotkeeper.secrets import link_secret
from slotkeeper.side_effects.aftermath import Aftermath
from slotkeeper.side_effects.at_change import at_change
from slotkeeper.side_effects.outward import Errand, Outward


class Addressee(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient as the ledger keeps it: without the secret link, which is derived when the message is written.

    ``attendee_id`` is the attendee, or the one whose guest this is; hosts have none.
    """

    recipient: Recipient
    attendee_id: UUID | None = None


def plan(aftermath: Aftermath) -> Sequence[PlannedEffect]:
    return [
        PlannedEffect(kind="email", target=a.recipient.address, detail=msgspec.to_builtins(a))
        for a in addressees(aftermath.appointment)
        if _is_told(a, aftermath.change)
    ]


def addressees(appointment: Appointment) -> list[Addressee]:
    """Attendees first, then their guests, then hosts; an address that stands twice is told once."""
    unique: dict[str, Addressee] = {}
    for addressee in _everyone(appointment):
        unique.setdefault(addressee.recipient.address.lower(), addressee)
    return list(unique.values())


def _everyone(appointment: Appointment) -> Iterator[Addressee]:
    for attendee in appointment.attendees:
        if attendee.email:
            yield _addressee(attendee, attendee.email, attendee.display_name, "attendee")
    for attendee in appointment.attendees:
        for guest in attendee.bringalong_emails:
            yield _addressee(attendee, guest, guest.partition("@")[0], "guest")
    for host in appointment.hosts:
        yield Addressee(
            recipient=Recipient(
                address=host.email,
                name=host.full_name,
                language=host.language,
                timezone=host.timezone,
                role="host",
            )
        )


def _addressee(attendee: Attendee, address: str, name: str, role: str) -> Addressee:
    recipient = Recipient(
        address=address,
        name=name,
        language=attendee.language,
        timezone=attendee.timezone,
        role="guest" if role == "guest" else "attendee",
    )
    return Addressee(recipient=recipient, attendee_id=attendee.id)


def _is_told(addressee: Addressee, change: Change) -> bool:
    is_host = addressee.recipient.role == "host"
    return change.notify in ("all", "hosts" if is_host else "attendees")


async def carry_out(outward: Outward, errand: Errand) -> Done:
    addressee = msgspec.convert(errand.effect.detail, Addressee)
    recipient = replace(addressee.recipient, link=link_to(outward, errand, addressee))
    as_changed = at_change(errand.appointment, errand.change)
    cancelled = errand.change.kind == "cancelled"
    message = build_message(
        render(errand.change.kind, as_changed, errand.change, recipient),
        recipient,
        sender=outward.settings.mail_from,
        reply_to=as_changed.main_host.email,
        message_id=str(errand.effect.id),
        ics=build_ics(as_changed, method="CANCEL" if cancelled else "REQUEST"),
        method="CANCEL" if cancelled else "REQUEST",
    )
    return await outward.smtp.send(message)


def link_to(outward: Outward, errand: Errand, addressee: Addressee) -> str | None:
    if addressee.attendee_id is None or addressee.recipient.role != "attendee":
        return None
    key = outward.vault.open(errand.link_key)
    return f"{outward.settings.public_url}/a/{link_secret(key, 'attendee', addressee.attendee_id)}"
