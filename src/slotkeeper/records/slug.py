"""A name as part of an address. Pure."""

from slugify import GERMAN, slugify


def slug_of(name: str, *, language: str = "en", longest: int = 80) -> str:
    """Its words in ASCII, cut at a word; empty for a name without letters and digits.

    The umlauts of a German name are written out as Germans do.
    """
    letters = GERMAN if language == "de" else ()
    return slugify(name, max_length=longest, word_boundary=True, replacements=letters)
