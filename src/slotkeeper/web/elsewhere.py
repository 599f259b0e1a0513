"""Addresses on other servers that a host typed: what a page's policy may name of them, and where a booking goes on to.
Pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

_ABSOLUTE = re.compile(r"(https?://[a-z0-9.-]+(?::\d{1,5})?)(?:[/?#]\S*)?", re.IGNORECASE)


def origin_of(address: str | None) -> str | None:
    """Such as ``https://app.example.com``; None for what no policy could name (CSP 3 section 2.3.1)."""
    found = _ABSOLUTE.fullmatch(address or "")
    return found[1].lower() if found else None


def with_query(address: str, told: Mapping[str, str]) -> str:
    """``address`` with ``told`` after what its query has already."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, urlencode(told))))))
