"""A name as part of an address."""

import re
import unicodedata

_LONGEST = 80


def slug_of(name: str) -> str:
    """The ASCII letters and digits of its words, 80 at most; empty for a name that has none."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST].strip("-")
