"""Who agreed to be kept in a CRM (docs/decisions/0033). Pure."""

from collections.abc import Mapping

import msgspec

from slotkeeper.records.appointment import Appointment
from slotkeeper.records.people import Attendee


def of_those_who_agreed(options: Mapping[str, object], appointment: Appointment) -> Appointment:
    """The appointment as CRMs may know it: where ``crmOptInFieldName`` names a question, with those who said yes."""
    question = options.get("crmOptInFieldName")
    if not question:
        return appointment
    agreed = tuple(attendee for attendee in appointment.attendees if _agreed(attendee, str(question)))
    return msgspec.structs.replace(appointment, attendees=agreed)


def _agreed(attendee: Attendee, question: str) -> bool:
    """``notes`` holds the answers by the question's label, as the booking page shows it."""
    asked = question.strip().casefold()
    return any(_is_yes(answer) for label, answer in attendee.notes.items() if label.strip().casefold() == asked)


def _is_yes(answer: object) -> bool:
    """A ticked box, alone or as the only one of a list, or the word in one of the API's languages."""
    if isinstance(answer, list):
        return len(answer) == 1 and _is_yes(answer[0])
    return str(answer).strip().casefold() in _YES


_YES = frozenset({"true", "on", "1", "yes", "ja", "oui", "sí", "si", "sì", "tak", "evet"})
