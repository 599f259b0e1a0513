"""Requests about meeting types as JSON documents, decoded as the API decodes them, and what comes of them."""

import json
from typing import Any

import msgspec

from slotkeeper.api.bodies import decode
from slotkeeper.meeting_types.edited import edited
from slotkeeper.meeting_types.fields import MeetingTypeFields, NewMeetingType
from slotkeeper.meeting_types.meeting_type import Settings

LANGUAGE = "de"
"""Of the company."""
NAMED = Settings(meeting_info=msgspec.structs.replace(Settings().meeting_info, name="Gespräch"))
_NEW = msgspec.json.Decoder(NewMeetingType)
_PATCH = msgspec.json.Decoder(MeetingTypeFields)


def stored(document: Any, patch: Any = None) -> Settings:
    """A new meeting type, and then a PATCH of it. Raises ``Malformed``."""
    settings, _ = edited(Settings(), decode(_NEW, json.dumps(document).encode()), LANGUAGE)
    return edited(settings, decode(_PATCH, json.dumps(patch or {}).encode()), LANGUAGE)[0]


def after(patch: Any, settings: Settings = NAMED) -> dict[str, Any]:
    """The settings, as an answer shows them, after a PATCH with this document. Raises ``Malformed``."""
    return shown(edited(settings, decode(_PATCH, json.dumps(patch).encode()), LANGUAGE)[0])


def created(document: Any) -> dict[str, Any]:
    """The settings of a new meeting type. Raises ``Malformed``."""
    return shown(stored(document))


def shown(settings: Settings) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(msgspec.json.encode(settings))
    return document


def nested(path: str, value: Any) -> dict[str, Any]:
    """``nested("a.b", 1)`` is ``{"a": {"b": 1}}``."""
    first, _, rest = path.partition(".")
    return {first: nested(rest, value) if rest else value}


def at(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document[name]
    return document
