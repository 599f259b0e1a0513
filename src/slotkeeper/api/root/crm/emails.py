"""E-mails: their bodies, and whether one could be sent."""

from litestar import get
from litestar.di import NamedDependency

from slotkeeper.api.openapi import READING, problems
from slotkeeper.api.root.crm.paging import Id
from slotkeeper.api.services import Services
from slotkeeper.crm.emails import NO_MAILBOX, EmailBody, SendCapability, email_body
from slotkeeper.records.caller import Caller


@get("/emails/send-capability", summary="Could the caller send an e-mail?", responses=problems(*READING))
async def get_send_capability() -> SendCapability:
    """No: mailboxes of users are not connected."""
    return NO_MAILBOX


@get("/emails/{id:str}/body", summary="The body of an e-mail", responses=problems(*READING))
async def get_email_body(
    email_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> EmailBody:
    """Of one that was logged as a communication."""
    async with services.pool.connection() as connection:
        return await email_body(connection, caller.company_id, email_id)


HANDLERS = (get_send_capability, get_email_body)
