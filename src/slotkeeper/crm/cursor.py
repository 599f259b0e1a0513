"""Where a page of a timeline ended, as clients hand it back. Pure."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.errors import Malformed


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The last entry that was given; the next page begins after it."""

    occurred_at: datetime
    id: UUID


def written(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read(text: str) -> Cursor:
    """Raises ``Malformed``."""
    try:
        cursor = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Cursor)
    except (msgspec.MsgspecError, binascii.Error, ValueError) as error:
        raise Malformed.field("cursor", "must be a nextCursor of an earlier answer") from error
    if cursor.occurred_at.tzinfo is None:
        raise Malformed.field("cursor", "must be a nextCursor of an earlier answer")
    return cursor
