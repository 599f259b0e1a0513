"""The variables that titles and descriptions of calendar files may hold (meetergo-v4-api.md 2.5). Pure."""

import re

from slotkeeper.records.appointment import Appointment


def filled(template: str, appointment: Appointment) -> str:
    """``{!M.Guest.Fullname}`` and its like replaced; what is unknown stays as it was written."""
    if "{!M." not in template:
        return template
    values = _values(appointment)
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), template)


def _values(appointment: Appointment) -> dict[str, str]:
    guest = next(iter(appointment.attendees), None)
    return {
        "Guest.Fullname": guest.display_name if guest else "",
        "Guest.Email": (guest.email if guest else None) or "",
        "Guest.Phone": (guest.phone if guest else None) or "",
        "Host.Fullname": appointment.main_host.full_name,
        "Meeting.Name": appointment.meeting_info.name,
        "Meeting.Venue": appointment.location or "",
        "Meeting.Link": appointment.meeting_link or "",
    }


_VARIABLE = re.compile(r"\{!M\.([A-Za-z.]+)\}")
