"""iCalendar's content lines: escaping and folding.

Written here because icalendar's own writer takes a multiple of what a reschedule transaction can spare (measured in
``slotkeeper.ics.build``); its parser checks these in the tests.
"""

import re

MAX_OCTETS = 75
"""Without the line break (RFC 5545 section 3.1)."""


def text(value: str) -> str:
    """A TEXT value (RFC 5545 section 3.3.11). Line breaks become ``\\n``, other control characters vanish."""
    if not _NEEDS_CARE.search(value):
        return value
    return value.replace("\r\n", "\n").translate(_TEXT)


def quoted(value: str) -> str:
    """A quoted parameter value, escaped after RFC 6868; it has one line, whatever was in the name."""
    if not _NEEDS_CARE.search(value):
        return f'"{value}"'
    return f'"{" ".join(value.translate(_LINE_BREAKS_TO_SPACES).split()).translate(_PARAMETER)}"'


def uri(value: str) -> str:
    """A URI value without the characters that cannot stand in one."""
    return "".join(value.translate(_REMOVED).split())


def fold(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a character."""
    octets = line.encode()
    if len(octets) <= MAX_OCTETS:
        return line
    pieces, start, room = [], 0, MAX_OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0b1100_0000 == 0b1000_0000:
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, MAX_OCTETS - 1
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces).decode()


_CONTROLS = [*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)]
_LINE_BREAKS = (0x0A, 0x0D, 0x85, 0x2028, 0x2029)
_NEEDS_CARE = re.compile('[\\\\;,"^\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]')
_REMOVED = dict.fromkeys([*_CONTROLS, *_LINE_BREAKS], "")
_TEXT = _REMOVED | dict.fromkeys(_LINE_BREAKS, "\\n") | {ord("\\"): "\\\\", ord(";"): "\\;", ord(","): "\\,"}
_LINE_BREAKS_TO_SPACES = _REMOVED | dict.fromkeys(_LINE_BREAKS, " ")
_PARAMETER = {ord("^"): "^^", ord('"'): "^'"}
