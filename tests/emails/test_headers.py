"""What is made once and used in each message reads as if it were made anew."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy, default

import pytest

from slotkeeper.emails.headers import POLICY
from slotkeeper.emails.imip import build_message
from slotkeeper.emails.render import Rendered
from slotkeeper.ics.build import build_ics
from tests.ics.sample import appointment, recipient

WORDS = "Erstgespräch bei Dr. Weiß, und noch viel mehr, damit die Zeile gefaltet werden muss " * 2


def _written(policy: Policy, written_by: Policy, name: str) -> bytes:
    message = EmailMessage(policy=policy)
    message["From"] = f"{name} <a@example.com>"
    message["To"] = "b@example.com"
    message["Subject"] = name
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{name}\n", cte="quoted-printable")
    message.make_alternative(boundary="=_one")
    message.add_alternative(f"<p>{name}</p>\n", subtype="html", cte="base64")
    message.make_mixed(boundary="=_two")
    message.add_attachment(name.encode(), maintype="application", subtype="ics", filename="invite.ics")
    return message.as_bytes(policy=written_by)


@pytest.mark.parametrize("written_by", [SMTP, SMTPUTF8, SMTP.clone(max_line_length=60)])
@pytest.mark.parametrize("name", ["Ann", "Jörg", WORDS.strip()])
def test_messages_are_written_byte_for_byte_as_by_pythons_own_policy(name: str, written_by: Policy) -> None:
    for _ in range(2):
        assert _written(POLICY, written_by, name) == _written(SMTP, written_by, name)


def test_no_text_ends_a_part() -> None:
    lines = "--=_alternative--\n--=_mixed\n\nContent-Type: text/plain\n"
    message = build_message(
        Rendered(subject="Moved", text=lines, html=lines),
        recipient(),
        sender="Praxis <no-reply@slots.example>",
        reply_to=None,
        message_id="e-1",
        ics=build_ics(appointment(ics_description=lines)),
        method="REQUEST",
    )
    parsed = message_from_bytes(message.as_bytes(), policy=default)
    kinds = [part.get_content_type() for part in parsed.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]
    text = parsed.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == lines
