"""A message that a host wrote to an attendee by hand: sent once, and seen in the ledger like everything else."""

import msgspec

from slotkeeper.emails.free_text import free_text_message
from slotkeeper.emails.recipient import Recipient
from slotkeeper.jobs.outcomes import Done
from slotkeeper.side_effects.outward import Errand, Outward


class HandWritten(msgspec.Struct, frozen=True, kw_only=True):
    recipient: Recipient
    title: str
    content: str
    reply_to: str


async def carry_out(outward: Outward, errand: Errand) -> Done:
    written = msgspec.convert(errand.effect.detail, HandWritten)
    message = free_text_message(
        written.recipient,
        title=written.title,
        content=written.content,
        sender=outward.settings.mail_from,
        reply_to=written.reply_to,
        message_id=str(errand.effect.id),
    )
    return await outward.smtp.send(message)
