"""``ETag`` and ``If-Match`` (RFC 9110 sections 8.8.3 and 13.1.1)."""

import re

from slotkeeper.errors import Malformed, PreconditionFailed

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST = re.compile(rf"{_TAG}(?:\s*,\s*{_TAG})*")
_EACH = re.compile(_TAG)


def etag_of(version: int) -> str:
    return f'"{version}"'


def check_if_match(header: str | None, etag: str) -> None:
    """Compared strongly, so a weak tag never matches; ``*`` matches whatever exists.

    Raises ``PreconditionFailed``, and ``Malformed`` for a header that is not a list of entity tags.
    """
    if header is None or header.strip() == "*":
        return
    if not _LIST.fullmatch(header.strip()):
        raise Malformed.field("If-Match", f"must be an entity tag in quotes, such as {etag}")
    if etag not in _EACH.findall(header):
        raise PreconditionFailed(f"the appointment is now at {etag}")
