"""Queues and their groups in the shapes of the API (meetergo-v4-api.md 4.5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from slotkeeper.records.people import UserSummary
from slotkeeper.records.queue import DistributionPeriod, QueueType

Capacity = Annotated[int, msgspec.Meta(ge=1, le=100)]


class UserCapacity(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many places in the line the user has: with two, twice as many turns as with one."""

    user_id: UUID
    capacity: Capacity


class UserPriority(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Stars, of which more come first; 0 is none."""

    user_id: UUID
    priority: Annotated[int, msgspec.Meta(ge=0, le=3)]


class UserCustomLink(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The user's own link for the meeting type's custom channel; empty: the meeting type's."""

    user_id: UUID
    link: Annotated[str, msgspec.Meta(max_length=2000, pattern=r"^(https?://\S+)?$")]


class UserGroup(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``capacity`` of the users hold an appointment, ``mainGroupHost`` first."""

    id: UUID
    name: str
    capacity: int
    users: Sequence[UserSummary]
    user_ids: Sequence[UUID]
    queue_id: UUID
    main_group_host: UserSummary | None
    main_group_host_id: UUID | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class Queue(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``users`` in their order."""

    id: UUID
    name: str
    company_id: UUID
    workspace_id: UUID | None
    type: QueueType
    max_lead_threshold: int | None
    distribution_period: DistributionPeriod
    prioritize_near_term_availability: bool
    users: Sequence[UserSummary]
    user_ids: Sequence[UUID]
    user_capacities: Sequence[UserCapacity]
    user_priorities: Sequence[UserPriority]
    user_custom_links: Sequence[UserCustomLink]
    user_groups: Sequence[UserGroup]
    meeting_type_ids: Sequence[UUID]
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
