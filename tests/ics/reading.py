"""What another program reads out of our ICS: icalendar's parser."""

from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress


def event_of(ics: str) -> Event:
    [event] = Calendar.from_ical(ics).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def attendees_of(ics: str) -> dict[str, vCalAddress]:
    listed = event_of(ics).get("ATTENDEE", [])
    everyone = listed if isinstance(listed, list) else [listed]
    addresses = {str(one).removeprefix("mailto:").lower(): one for one in everyone}
    assert len(addresses) == len(everyone)
    return addresses


def instants_of(ics: str, *names: str) -> tuple[datetime, ...]:
    """In UTC: two datetimes of one zoneinfo compare by the clock, not by the instant."""
    return tuple(event_of(ics).decoded(name).astimezone(UTC) for name in names)
