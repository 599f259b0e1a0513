"""What both sides' routes do with proposals: each an operation, once per ``Idempotency-Key``."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from litestar import Request, Response

from slotkeeper.api.answer import Answer as Sent
from slotkeeper.api.bodies import instant
from slotkeeper.api.perform import perform
from slotkeeper.api.services import Services
from slotkeeper.api.v4.proposal_json import AcceptBody, present
from slotkeeper.appointments.proposals.accept import accept
from slotkeeper.appointments.proposals.answering import Answer
from slotkeeper.appointments.proposals.proposal import Proposal
from slotkeeper.appointments.proposals.propose import Propose, propose
from slotkeeper.db.pool import Connection
from slotkeeper.records.caller import Mover

Asked = Request[Any, Any, Any]
End = Callable[[Connection, Mover, Answer, datetime], Awaitable[Proposal]]


async def offered(services: Services, mover: Mover, asked: Asked, key: str | None, offer: Propose) -> Response[bytes]:
    async def attempt(connection: Connection, _locked: bool) -> Sent:
        now = services.clock()
        return Sent.json(present(await propose(connection, mover, offer, now), now), status=201)

    return (await perform(services, mover, asked, key, attempt)).response()


async def accepted(
    services: Services, mover: Mover, asked: Asked, key: str | None, answer: Answer, body: AcceptBody
) -> Response[bytes]:
    start = instant("start", body.start)

    async def attempt(connection: Connection, locked: bool) -> Sent:
        now = services.clock()
        return Sent.json(present(await accept(connection, mover, answer, start, now, locked=locked), now))

    return (await perform(services, mover, asked, key, attempt)).response()


async def ended(
    services: Services, mover: Mover, asked: Asked, key: str | None, answer: Answer, end: End
) -> Response[bytes]:
    async def attempt(connection: Connection, _locked: bool) -> Sent:
        now = services.clock()
        return Sent.json(present(await end(connection, mover, answer, now), now))

    return (await perform(services, mover, asked, key, attempt)).response()
