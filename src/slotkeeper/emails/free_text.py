"""A message whose words a person wrote: plain text, and the same as HTML."""

from email.message import EmailMessage
from html import escape

from slotkeeper.emails.imip import build_message
from slotkeeper.emails.recipient import Recipient
from slotkeeper.emails.render import Rendered


def free_text_message(
    recipient: Recipient, *, title: str, content: str, sender: str, reply_to: str, message_id: str
) -> EmailMessage:
    """Raises as ``build_message``."""
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in content.split("\n\n"))
    html = f'<!DOCTYPE html>\n<html><body style="white-space:pre-line">{paragraphs}</body></html>\n'
    rendered = Rendered(subject=title, text=f"{content}\n", html=html)
    return build_message(
        rendered, recipient, sender=sender, reply_to=reply_to, message_id=message_id, ics=None, method=None
    )
