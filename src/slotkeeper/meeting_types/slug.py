"""The last part of a booking page's address, made from the meeting type's name. Pure."""

from collections.abc import Collection
from itertools import count

from slotkeeper.records.slug import slug_of

_LENGTH = 60
_NAMELESS = "meeting"


def slug_for(name: str, language: str, taken: Collection[str]) -> str:
    """In ASCII, the umlauts of a German ``name`` as Germans write them out; numbered from 2 where it is ``taken``."""
    base = slug_of(name, language=language, longest=_LENGTH) or _NAMELESS
    numbered = (f"{base}-{number}" for number in count(2))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)
