"""A name as part of an address. Pure."""

from slugify import GERMAN, slugify

from slotkeeper.errors import Malformed

RESERVED = frozenset({
    "a", "availability", "availability-exception", "booked", "connect", "connections", "crm", "f",
    "favicon.ico", "h", "healthz", "o", "openapi.json", "problems", "readyz", "robots.txt", "team", "v4", "webhooks",
})  # fmt: skip
"""First words of addresses that lead elsewhere than to a user's personal page, now or as in the API's own service."""


def free_slug(field: str, slug: str) -> str:
    """Raises ``Malformed`` for one whose page nobody could reach."""
    if slug.lower() in RESERVED:
        raise Malformed.field(field, "is an address of this server's own")
    return slug


def slug_of(name: str, *, language: str = "en", longest: int = 80) -> str:
    """Its words in ASCII, cut at a word; empty for a name without letters and digits.

    The umlauts of a German name are written out as Germans do.
    """
    letters = GERMAN if language == "de" else ()
    return slugify(name, max_length=longest, word_boundary=True, replacements=letters)
