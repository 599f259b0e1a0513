"""An appointment, and the link that its attendee was mailed."""

import re
from email.message import EmailMessage
from typing import cast

from slotkeeper.records.appointment import Appointment
from tests.support.office import Office


async def booked(office: Office, **attendee: object) -> tuple[Appointment, str]:
    appointment = await office.book(attendee=office.attendee(**attendee))
    await office.work()
    [mail] = office.mail.to("ann@example.org")
    text = cast("EmailMessage", mail.get_body(("plain",))).get_content()
    return appointment, re.findall(r"https?://\S+/a/\S+", text)[0]
