"""What an edit makes of a queue's members. Pure."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from slotkeeper.errors import Malformed
from slotkeeper.queues.answers import Capacity, UserCapacity, UserCustomLink, UserPriority
from slotkeeper.records.queue import DistributionPeriod, QueueType

MAX_MEMBERS = 100
_Listed = msgspec.Meta(max_length=MAX_MEMBERS)


class WeightedUser(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``weight`` is the capacity, as older clients call it."""

    user_id: UUID
    weight: Capacity = 1


class QueueEdit(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is left out stays.

    ``users`` replaces the members; then ``userId`` is assigned, or deassigned if a member; then the capacities,
    priorities and links of members are set. ``maxLeadThreshold`` null: only those with the fewest bookings are offered.
    """

    user_id: UUID | None = None
    users: Annotated[Sequence[WeightedUser], _Listed] | None = None
    user_capacities: Annotated[Sequence[UserCapacity], _Listed] | None = None
    user_priorities: Annotated[Sequence[UserPriority], _Listed] | None = None
    user_custom_links: Annotated[Sequence[UserCustomLink], _Listed] | None = None
    type: QueueType | None = None
    max_lead_threshold: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | UnsetType | None = UNSET
    distribution_period: DistributionPeriod | None = None
    prioritize_near_term_availability: bool | None = None
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    workspace_id: UUID | UnsetType | None = UNSET


class Member(msgspec.Struct, frozen=True, kw_only=True):
    user_id: UUID
    capacity: int = 1
    priority: int = 0
    custom_link: str | None = None


def edited_members(members: Sequence[Member], edit: QueueEdit, users_of_company: frozenset[UUID]) -> tuple[Member, ...]:
    """In their order; who joins stands last. Raises ``Malformed`` naming the field."""
    by_id = {member.user_id: member for member in members}
    if edit.users is not None:
        by_id = _replaced(by_id, edit.users, users_of_company)
    if edit.user_id is not None and by_id.pop(edit.user_id, None) is None:
        _require_user(edit.user_id, "userId", users_of_company)
        by_id[edit.user_id] = Member(user_id=edit.user_id)
    if len(by_id) > MAX_MEMBERS:
        raise Malformed.field("userId", f"a queue has at most {MAX_MEMBERS} members")
    for at, said in enumerate(edit.user_capacities or ()):
        member = _member(by_id, said.user_id, f"userCapacities[{at}].userId")
        by_id[said.user_id] = replace(member, capacity=said.capacity)
    for at, stars in enumerate(edit.user_priorities or ()):
        member = _member(by_id, stars.user_id, f"userPriorities[{at}].userId")
        by_id[stars.user_id] = replace(member, priority=stars.priority)
    for at, own in enumerate(edit.user_custom_links or ()):
        member = _member(by_id, own.user_id, f"userCustomLinks[{at}].userId")
        by_id[own.user_id] = replace(member, custom_link=own.link or None)
    return tuple(by_id.values())


def _replaced(
    by_id: dict[UUID, Member], users: Sequence[WeightedUser], users_of_company: frozenset[UUID]
) -> dict[UUID, Member]:
    for at, user in enumerate(users):
        _require_user(user.user_id, f"users[{at}].userId", users_of_company)
    return {
        user.user_id: replace(by_id.get(user.user_id, Member(user_id=user.user_id)), capacity=user.weight)
        for user in users
    }


def _require_user(user_id: UUID, field: str, users_of_company: frozenset[UUID]) -> None:
    if user_id not in users_of_company:
        raise Malformed.field(field, "must name a user of this company")


def _member(by_id: dict[UUID, Member], user_id: UUID, field: str) -> Member:
    if user_id not in by_id:
        raise Malformed.field(field, "must name a member of the queue")
    return by_id[user_id]
