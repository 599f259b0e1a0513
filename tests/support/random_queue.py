"""A queue with a past, over the hosts of a random world: put into the database without any of the code under test."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from hypothesis import strategies as st

from slotkeeper.records.queue import DistributionPeriod, QueueType
from tests.availability.worlds import DAY, HOUR
from tests.support.desk import Desk


class QueueGroup(NamedTuple):
    """``hosts`` are indices, as everywhere here; ``leads``: the first of them is its main host."""

    hosts: tuple[int, ...]
    seats: int
    leads: bool


class PastTurn(NamedTuple):
    """``member`` None: the group's. ``after``: how many seconds after the world's first instant its appointment is."""

    member: int | None
    after: int


class RandomQueue(NamedTuple):
    """``members``: each with capacity and stars. A host may be a member, in the group, or both."""

    type: QueueType
    threshold: int | None
    period: DistributionPeriod
    near: bool
    members: Mapping[int, tuple[int, int]]
    group: QueueGroup | None
    turns: tuple[PastTurn, ...]


@st.composite
def queues_of(draw: st.DrawFn, kind: QueueType, size: int) -> RandomQueue:
    """Every host is in the queue, the last one perhaps only by a group. One taker is some turns ahead in the world's
    own days, as the lead that hides somebody; others may lie anywhere around."""
    group = draw(st.none() | groups(size))
    members = range(size - 1 if group and draw(st.booleans()) else size)
    places = st.tuples(st.integers(1, 2), st.integers(0, 3))
    takers = st.sampled_from([*members, *([None] if group else [])])
    somewhere = st.builds(PastTurn, takers, st.integers(-20 * 24, 20 * 24).map(lambda n: n * HOUR))
    ahead = [PastTurn(draw(takers), DAY)] * draw(st.integers(0, 4))
    return RandomQueue(
        type=kind,
        threshold=draw(st.sampled_from((None, 1, 2))),
        period=draw(st.sampled_from(("month", "week", "day"))),
        near=draw(st.booleans()),
        members={index: draw(places) for index in members},
        group=group,
        turns=(*ahead, *draw(st.lists(somewhere, max_size=4))),
    )


@st.composite
def groups(draw: st.DrawFn, size: int) -> QueueGroup:
    """With the last of the hosts."""
    others = draw(st.lists(st.sampled_from(range(size - 1)), unique=True))
    hosts = tuple(draw(st.permutations([*others, size - 1])))
    return QueueGroup(hosts, seats=draw(st.integers(1, 2)), leads=draw(st.booleans()))


async def line_up(desk: Desk, queue: RandomQueue, hosts: Sequence[UUID], first: int) -> UUID:
    """The queue's id; it is the meeting type's from now on."""
    queue_id, group_id = uuid4(), uuid4()
    await desk.execute(
        QUEUE, id=queue_id, type=queue.type, threshold=queue.threshold, period=queue.period, near=queue.near
    )
    for at, (index, (capacity, priority)) in enumerate(queue.members.items()):
        await desk.execute(MEMBER, queue=queue_id, user=hosts[index], position=at, capacity=capacity, priority=priority)
    grouped = [hosts[index] for index in queue.group.hosts] if queue.group else []
    if queue.group:
        main = grouped[0] if queue.group.leads else None
        await desk.execute(GROUP, id=group_id, queue=queue_id, seats=queue.group.seats, main=main)
    for at, user_id in enumerate(grouped):
        await desk.execute(OF_GROUP, group=group_id, user=user_id, position=at)
    for turn in queue.turns:
        await desk.execute(
            TURN,
            appointment=uuid4(),
            queue=queue_id,
            user=grouped[0] if turn.member is None else hosts[turn.member],
            group=group_id if turn.member is None else None,
            type=desk.company.meeting_type_id,
            start=datetime.fromtimestamp(first + turn.after, UTC),
        )
    await desk.set_type(queue_id=queue_id)
    return queue_id


QUEUE = """
    INSERT INTO queues (
        company_id, id, name, type, max_lead_threshold, distribution_period, prioritize_near_term_availability
    ) VALUES (%(company_id)s, %(id)s, 'Random', %(type)s, %(threshold)s, %(period)s, %(near)s)
"""
MEMBER = """
    INSERT INTO queue_members (company_id, queue_id, user_id, position, capacity, priority)
    VALUES (%(company_id)s, %(queue)s, %(user)s, %(position)s, %(capacity)s, %(priority)s)
"""
GROUP = """
    INSERT INTO queue_user_groups (company_id, id, queue_id, name, capacity, main_group_host_id)
    VALUES (%(company_id)s, %(id)s, %(queue)s, 'Group', %(seats)s, %(main)s)
"""
OF_GROUP = """
    INSERT INTO queue_user_group_members (company_id, group_id, user_id, position)
    VALUES (%(company_id)s, %(group)s, %(user)s, %(position)s)
"""
TURN = """
    WITH queue AS (
        UPDATE queues SET version = version + 1 WHERE company_id = %(company_id)s AND id = %(queue)s RETURNING version
    ), appointment AS (
        INSERT INTO appointments (
            company_id, id, meeting_type_id, uid, status, start_at, end_at, host_ids, meeting_info, ics, created_at,
            updated_at, stamped_at
        ) VALUES (
            %(company_id)s, %(appointment)s, %(type)s, %(appointment)s::text, 'confirmed', %(start)s,
            %(start)s + interval '5 minutes', ARRAY[%(user)s]::uuid[], '{"name": "Past"}', '', now(), now(), now()
        )
    )
    INSERT INTO round_robin_entries (
        company_id, queue_id, turn, seat, appointment_id, user_id, group_id, selection_reason, start_at, created_at
    )
    SELECT %(company_id)s, %(queue)s, queue.version, 0, %(appointment)s, %(user)s, %(group)s, 'rotation', %(start)s,
        now()
    FROM queue
"""
