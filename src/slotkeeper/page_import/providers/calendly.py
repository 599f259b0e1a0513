"""Calendly: what its own pages ask for. It is not documented, and is read as leniently as can be."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import msgspec

from slotkeeper.page_import.page import Shown, plain
from slotkeeper.records.meeting_info import Channel

_MINUTES = re.compile(r"(\d{1,3})[ -]?min", re.IGNORECASE)
_CHANNELS: Mapping[str, Channel] = {
    "zoom": "zoom",
    "google_conference": "google",
    "webex_conference": "webex",
    "outbound_call": "phone",
    "inbound_call": "phone-incoming",
    "physical": "local",
    "ask_invitee": "local-attendee",
}


class _Location(msgspec.Struct):
    kind: str = ""


class _EventType(msgspec.Struct):
    name: str
    slug: str
    duration: int | None = None
    description: str | None = None
    location_configurations: list[_Location] | None = None


class Calendly:
    name = "calendly"
    hosts: Sequence[str] = ("calendly.com",)

    def question(self, owner: str) -> tuple[str, Mapping[str, str]]:
        return f"https://calendly.com/api/booking/profiles/{quote(owner, safe='')}/event_types", {}

    def shown(self, content: bytes) -> list[Shown]:
        return [_shown(one) for one in msgspec.json.decode(content, type=list[_EventType])]


def _shown(event_type: _EventType) -> Shown:
    """Its length is in the list only sometimes; most names and slugs say it."""
    told = _MINUTES.search(event_type.slug) or _MINUTES.search(event_type.name)
    kinds = [location.kind for location in event_type.location_configurations or ()]
    return Shown(
        name=event_type.name,
        slug=event_type.slug,
        duration=event_type.duration or (int(told[1]) if told else None),
        description=plain(event_type.description or ""),
        channel=_CHANNELS.get(kinds[0]) if kinds else None,
    )
