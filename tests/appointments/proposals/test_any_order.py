"""Whatever both sides do, in whatever order: at most one proposal is open, and none of them cancels anything."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slotkeeper.appointments.proposals.proposal import Proposal, Side, other
from slotkeeper.errors import SlotkeeperError
from tests.support.desk import MONDAY, Desk, minutes
from tests.support.negotiation import Negotiation

TIMES = [MONDAY + minutes(60 * n) for n in range(4)]
Verb = Literal["propose", "accept", "decline", "withdraw", "move", "cancel"]
verbs = st.sampled_from(["propose", "propose", "accept", "accept", "decline", "withdraw", "move"] * 3 + ["cancel"])


@dataclass(frozen=True)
class Step:
    """``which`` counts back from the newest proposal; ``times`` are what is proposed, the first what is accepted."""

    verb: Verb
    side: Side
    which: int
    times: list[datetime]

    @property
    def time(self) -> datetime:
        return self.times[0]


times = st.lists(st.sampled_from(TIMES), min_size=1, max_size=3, unique=True)
steps = st.builds(Step, verbs, st.sampled_from(["host", "attendee"]), st.just(0) | st.integers(0, 2), times)


@dataclass
class Model:
    """What should be."""

    start: datetime = MONDAY
    cancelled: bool = False
    open: Proposal | None = None

    def allows(self, step: Step, proposal: Proposal | None) -> bool:
        if self.cancelled:
            return False
        if step.verb == "propose":
            return self.start not in step.times
        if step.verb in ("move", "cancel"):
            return True
        if proposal is None or self.open is None or proposal.id != self.open.id:
            return False
        if step.verb == "accept" and step.time not in proposal.starts:
            return False
        return proposal.side == (step.side if step.verb == "withdraw" else other(step.side))

    def follow(self, step: Step, done: Proposal | None) -> None:
        if step.verb in ("accept", "move") and step.time != self.start:
            self.start, self.open = step.time, None
        elif step.verb == "propose":
            self.open = done
        elif step.verb != "move":
            self.open, self.cancelled = None, step.verb == "cancel"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(taken=st.lists(steps, min_size=4, max_size=15))
async def test_whatever_the_order_at_most_one_is_open_an_accepted_one_moved_it_there_and_none_cancels(
    desk: Desk, taken: list[Step]
) -> None:
    talks = Negotiation(desk, await desk.book())
    model, made = Model(), list[Proposal]()
    for step in taken:
        proposal = made[-1 - step.which] if step.which < len(made) else None
        before = await talks.appointment()
        allowed = model.allows(step, proposal)
        try:
            done = await take(desk, talks, step, proposal)
        except SlotkeeperError:
            assert not allowed, step
            assert await talks.appointment() == before
        else:
            assert allowed, step
            model.follow(step, done)
            if step.verb == "propose" and done:
                made.append(done)
        await hold_against(model, talks)
    if not model.cancelled:
        await desk.cancel(talks.id)


async def take(desk: Desk, talks: Negotiation, step: Step, proposal: Proposal | None) -> Proposal | None:
    mover = talks.host if step.side == "host" else talks.attendee
    proposal_id = proposal.id if proposal else UUID(int=1)
    if step.verb == "propose":
        return await talks.propose(mover, *step.times)
    if step.verb == "accept":
        return await talks.accept(mover, proposal_id, step.time)
    if step.verb == "decline":
        return await talks.decline(mover, proposal_id)
    if step.verb == "withdraw":
        return await talks.withdraw(mover, proposal_id)
    await (desk.move(talks.id, step.time) if step.verb == "move" else desk.cancel(talks.id))
    return None


async def hold_against(model: Model, talks: Negotiation) -> None:
    appointment, proposals = await talks.appointment(), await talks.proposals()
    is_open = [proposal.id for proposal in proposals if proposal.state(talks.desk.now) == "open"]
    assert is_open == ([model.open.id] if model.open else [])
    assert (appointment.start, appointment.status == "cancelled") == (model.start, model.cancelled)
    moves = [(p.ended.start, p.starts) for p in proposals if p.ended and p.state(talks.desk.now) == "accepted"]
    assert [start for start, offered in moves if start not in offered] == []
