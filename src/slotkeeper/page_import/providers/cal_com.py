"""Cal.com, by its API (cal.com/docs/api-reference/v2/event-types): without a credential it lists what is public."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

import msgspec

from slotkeeper.page_import.page import Shown, plain
from slotkeeper.records.meeting_info import Channel

_VERSION = "2024-06-14"
_CHANNELS: Mapping[str, Channel] = {
    "zoom": "zoom",
    "google-meet": "google",
    "jitsi": "jitsi",
    "whereby-video": "whereby",
    "webex-video": "webex",
    "address": "local",
    "attendeeAddress": "local-attendee",
    "attendeePhone": "phone",
    "phone": "phone-incoming",
}


class _Location(msgspec.Struct):
    type: str = ""
    integration: str | None = None


class _EventType(msgspec.Struct):
    title: str
    slug: str
    length: int = msgspec.field(name="lengthInMinutes")
    description: str | None = None
    locations: list[_Location] | None = None
    hidden: bool | None = False


class _Answer(msgspec.Struct):
    data: list[_EventType]


class CalCom:
    name = "cal.com"
    hosts: Sequence[str] = ("cal.com", "app.cal.com")

    def question(self, owner: str) -> tuple[str, Mapping[str, str]]:
        address = f"https://api.cal.com/v2/event-types?username={quote(owner, safe='')}"
        return address, {"cal-api-version": _VERSION}

    def shown(self, content: bytes) -> list[Shown]:
        answer = msgspec.json.decode(content, type=_Answer)
        return [_shown(one) for one in answer.data if not one.hidden]


def _shown(event_type: _EventType) -> Shown:
    places = [location.integration or location.type for location in event_type.locations or ()]
    return Shown(
        name=event_type.title,
        slug=event_type.slug,
        duration=event_type.length,
        description=plain(event_type.description or ""),
        channel=_CHANNELS.get(places[0]) if places else None,
    )
