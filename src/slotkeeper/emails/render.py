"""A change as a message to one person: subject, text and HTML. Pure."""

from functools import lru_cache
from typing import Literal

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from slotkeeper.emails.language import locale_of, translations
from slotkeeper.emails.recipient import Recipient
from slotkeeper.emails.when import When, when
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change

Topic = Literal[
    "booked", "rescheduled", "cancelled", "reminder", "requested", "opt_in", "decide", "declined", "expired",
    "joined", "left", "handed_off", "handed_away", "proposed", "proposal_declined", "proposal_withdrawn",
]  # fmt: skip
"""What a message says to its reader."""

_OVER: frozenset[Topic] = frozenset({"cancelled", "declined", "expired", "handed_away"})
"""The reader need not come."""

_PHRASES = ("subject", "greeting", "headline", "actor_label", "link_label")
"""Lines that text and HTML share, each a template. Not macros: Jinja takes what an imported macro of a text template
returns for safe HTML."""


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    text: str
    html: str


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the templates read; ``previous`` stands in messages about a move only."""

    topic: Topic
    over: bool
    language: str
    name: str
    meeting: str
    company: str
    people: str
    hosts: str
    now: When
    previous: When | None
    unconfirmed: bool
    actor: str
    reason: str
    place: str
    join_link: str
    page_link: str
    proposed: tuple[str, ...]
    about: str


def render(
    topic: Topic, appointment: Appointment, change: Change, recipient: Recipient, *, about: str = ""
) -> Rendered:
    """Times are those of ``change``: the appointment may have moved on since. ``about`` names who joined or left."""
    view = _view(topic, appointment, change, recipient, about)
    environment = _environment(locale_of(recipient.language).language)
    phrases = {name: _one_line(environment.get_template(f"{name}.txt").render(view=view)) for name in _PHRASES}
    return Rendered(
        subject=phrases["subject"],
        text=environment.get_template("message.txt").render(view=view, **phrases),
        html=environment.get_template("message.html").render(view=view, **phrases),
    )


def _view(topic: Topic, appointment: Appointment, change: Change, recipient: Recipient, about: str) -> View:
    locale = locale_of(recipient.language)
    return View(
        topic=topic,
        over=topic in _OVER,
        language=str(locale).replace("_", "-"),
        name=_one_line(recipient.name),
        meeting=_one_line(appointment.meeting_info.name),
        company=_one_line(appointment.company_name),
        people=_people(appointment, recipient),
        hosts=_one_line(", ".join(host.full_name for host in appointment.hosts)),
        now=when(change.start, change.end, recipient.timezone, locale),
        previous=_previous(change, recipient) if topic == "rescheduled" else None,
        unconfirmed=appointment.status == "tentative",
        actor=_one_line(change.actor.name) if topic != "reminder" else "",
        reason=(change.reason or "").strip() if topic != "reminder" else "",
        place=_one_line(appointment.location or ""),
        join_link=_one_line(appointment.meeting_link or ""),
        page_link=recipient.link or "",
        proposed=_proposed(change, recipient),
        about=_one_line(about),
    )


def _previous(change: Change, recipient: Recipient) -> When | None:
    if change.previous_start is None or change.previous_end is None:
        return None
    return when(change.previous_start, change.previous_end, recipient.timezone, locale_of(recipient.language))


def _proposed(change: Change, recipient: Recipient) -> tuple[str, ...]:
    """The other times on offer, in the reader's zone."""
    length, locale = change.end - change.start, locale_of(recipient.language)
    offered = (when(start, start + length, recipient.timezone, locale) for start in change.proposed_starts)
    return tuple(f"{each.date}, {each.time} ({each.zone})" for each in offered)


def _people(appointment: Appointment, recipient: Recipient) -> str:
    """Whom the recipient meets: hosts read the attendees' names, everybody else the hosts'."""
    attendees = [attendee.display_name for attendee in appointment.attendees if attendee.deleted_at is None]
    hosts = [host.full_name for host in appointment.hosts]
    return _one_line(", ".join(attendees if recipient.role == "host" else hosts))


def _one_line(value: str) -> str:
    return " ".join(value.split())


@lru_cache(maxsize=64)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("slotkeeper.emails"),
        autoescape=select_autoescape(["html"], default_for_string=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    return environment
