"""What a booking page of another scheduler shows, and what a file about one must have."""

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Protocol
from urllib.parse import unquote, urlsplit

import msgspec

from slotkeeper.errors import Malformed
from slotkeeper.records.meeting_info import Channel

MOST = 50
"""Event types of one page."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An event type. ``duration`` is minutes; None where the page does not say, as for ``channel``."""

    name: str
    slug: str
    duration: int | None
    description: str = ""
    channel: Channel | None = None


class Provider(Protocol):
    name: str
    hosts: Sequence[str]

    def question(self, owner: str) -> tuple[str, Mapping[str, str]]:
        """Where the event types of an owner's page are, and the headers to ask with."""
        ...

    def shown(self, content: bytes) -> list[Shown]:
        """Raises ``msgspec.MsgspecError`` for what is not its answer."""
        ...


class PageAddress(msgspec.Struct, frozen=True, kw_only=True):
    """``slug`` None: the whole page."""

    host: str
    owner: str
    slug: str | None


def page_address(url: str) -> PageAddress:
    """Raises ``Malformed``."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError as error:
        raise Malformed.field("url", "must be a URL") from error
    owner, slug, *_ = [*(unquote(step) for step in parts.path.split("/") if step), None, None]
    if parts.scheme not in ("http", "https") or not host:
        raise Malformed.field("url", "must be a URL with https:// and a host")
    if owner is None:
        raise Malformed.field("url", "must name whose page it is, such as https://calendly.com/anna")
    return PageAddress(host=host, owner=owner, slug=slug)


def plain(html: str) -> str:
    """Without its tags; a description is a text here."""
    text: list[str] = []
    inside = False
    for character in html:
        if character in "<>":
            inside = character == "<"
        elif not inside:
            text.append(character)
    return unescape("".join(text)).strip()
