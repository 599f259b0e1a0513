"""The language that a browser asks for, where no appointment says it."""

import re

from babel import Locale

from slotkeeper.emails.language import locale_of

_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")


def preferred(accept_language: str | None) -> Locale:
    """The first that it would like and that there is a catalogue for (RFC 9110 section 12.5.4); else English."""
    for tag in _ranked(accept_language or ""):
        locale = locale_of(tag)
        if locale.language == tag.partition("-")[0].lower():
            return locale
    return locale_of("en")


def _ranked(header: str) -> list[str]:
    found = [match for part in header.split(",") if (match := _RANGE.fullmatch(part))]
    weights = {match[1]: float(match[2] or 1) for match in found}
    return sorted((tag for tag, weight in weights.items() if weight), key=lambda tag: -weights[tag])
