"""Tell everyone: each attendee, bring-along guest and host gets one message per change that concerns them."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.emails.imip import build_message
from slotkeeper.emails.render import Topic, render
from slotkeeper.ics.build import Method, build_ics
from slotkeeper.jobs.outcomes import Done
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.effect import PlannedEffect
from slotkeeper.secrets import host_kind, link_secret
from slotkeeper.side_effects.aftermath import Aftermath
from slotkeeper.side_effects.at_change import at_change
from slotkeeper.side_effects.audience import Addressee, audience
from slotkeeper.side_effects.outward import Errand, Outward

_INVITES: frozenset[Topic] = frozenset({"booked", "rescheduled", "handed_off"})
_UNINVITES: frozenset[Topic] = frozenset({"cancelled", "declined", "expired", "handed_away"})
"""Which messages carry the calendar file, and which take it back."""


def plan(aftermath: Aftermath) -> Sequence[PlannedEffect]:
    return [
        PlannedEffect(kind="email", target=a.recipient.address, detail=msgspec.to_builtins(a))
        for a in audience(_as_changed(aftermath), aftermath.change, aftermath.concerned)
    ]


def _as_changed(told: Aftermath | Errand) -> Appointment:
    return at_change(told.appointment, told.change, told.concerned)


async def carry_out(outward: Outward, errand: Errand) -> Done:
    addressee = msgspec.convert(errand.effect.detail, Addressee)
    recipient = replace(addressee.recipient, link=link_to(outward, errand, addressee))
    as_changed = _as_changed(errand)
    method = _method(addressee.topic)
    message = build_message(
        render(addressee.topic, as_changed, errand.change, recipient, about=_about(errand)),
        recipient,
        sender=outward.settings.mail_from,
        reply_to=as_changed.main_host.email,
        message_id=str(errand.effect.id),
        ics=_ics(as_changed, errand, addressee, method),
        method=method,
    )
    return await outward.smtp.send(message)


def _about(errand: Errand) -> str:
    return errand.concerned.attendee.display_name if errand.concerned.attendee else ""


def _method(topic: Topic) -> Method | None:
    if topic in _INVITES:
        return "REQUEST"
    return "CANCEL" if topic in _UNINVITES else None


def _ics(appointment: Appointment, errand: Errand, addressee: Addressee, method: Method | None) -> str | None:
    """Who left is uninvited alone, and who attends a group learns of no other who does; a host who no longer is one
    hears it from the organizer that the event had."""
    if method is None:
        return None
    if errand.change.kind == "left" and errand.concerned.attendee:
        appointment = replace(appointment, attendees=(errand.concerned.attendee,))
    if appointment.meeting_info.group_booking and addressee.attendee_id is not None:
        own = tuple(attendee for attendee in appointment.attendees if attendee.id == addressee.attendee_id)
        appointment = replace(appointment, attendees=own)
    if addressee.topic == "handed_away" and errand.concerned.former_hosts:
        appointment = replace(appointment, hosts=errand.concerned.former_hosts)
    return build_ics(appointment, method=method)


def link_to(outward: Outward, errand: Errand, addressee: Addressee) -> str | None:
    """Attendees get their page; hosts only where their word is asked for. Guests get none: a link is a key."""
    path = _path(addressee)
    if path is None:
        return None
    key = outward.vault.open(errand.link_key)
    page, kind, entity = path
    secret = link_secret(key, kind, entity or errand.appointment.id)
    offer = "/proposal" if page == "a" and addressee.topic == "proposed" else ""
    return f"{outward.settings.public_url}/{page}/{secret}{offer}"


def _path(addressee: Addressee) -> tuple[str, str, UUID | None] | None:
    if addressee.recipient.role == "attendee" and addressee.attendee_id is not None:
        return "a", "attendee", addressee.attendee_id
    if addressee.host_id is not None and addressee.topic in ("decide", "proposed"):
        return "h", host_kind(addressee.host_id), None
    return None
