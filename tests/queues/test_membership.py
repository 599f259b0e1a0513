"""What an edit makes of a queue's members, without a database."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import pytest

from slotkeeper.errors import Malformed
from slotkeeper.queues.groups import edited_main_host, edited_users
from slotkeeper.queues.membership import MAX_MEMBERS, Member, QueueEdit, edited_members

A, B, C = (UUID(int=n) for n in range(1, 4))
STRANGER = UUID(int=9)
EVERYBODY = frozenset(UUID(int=n) for n in range(200)) - {STRANGER}
PAIR = (Member(user_id=A, capacity=2, priority=1), Member(user_id=B, custom_link="https://b.example"))


def edit(**asked: Any) -> QueueEdit:
    return msgspec.convert(asked, QueueEdit)


@pytest.mark.parametrize(
    ("asked", "members"),
    [
        pytest.param({}, PAIR, id="nothing"),
        pytest.param({"userId": C}, (*PAIR, Member(user_id=C)), id="a user who is none joins as the last"),
        pytest.param({"userId": A}, PAIR[1:], id="a member leaves"),
        pytest.param({"users": []}, (), id="all leave"),
        pytest.param(
            {"users": [{"userId": C, "weight": 3}, {"userId": B}]},
            (Member(user_id=C, capacity=3), PAIR[1]),
            id="users replaces the members, keeping what else was said of them",
        ),
        pytest.param(
            {"userId": C, "userCapacities": [{"userId": C, "capacity": 4}]},
            (*PAIR, Member(user_id=C, capacity=4)),
            id="who joins may have a capacity at once",
        ),
        pytest.param(
            {"userPriorities": [{"userId": A, "priority": 0}, {"userId": B, "priority": 3}]},
            (Member(user_id=A, capacity=2), Member(user_id=B, priority=3, custom_link="https://b.example")),
            id="stars",
        ),
        pytest.param(
            {"userCustomLinks": [{"userId": B, "link": ""}]}, (PAIR[0], Member(user_id=B)), id="an empty link is none"
        ),
        pytest.param({"userCapacities": None, "users": None, "userId": None}, PAIR, id="null is as if left out"),
    ],
)
def test_an_edit_makes_the_members(asked: dict[str, Any], members: Sequence[Member]) -> None:
    assert edited_members(PAIR, edit(**asked), EVERYBODY) == tuple(members)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        pytest.param({"userId": STRANGER}, "userId", id="a stranger joins"),
        pytest.param({"users": [{"userId": A}, {"userId": STRANGER}]}, "users[1].userId", id="a stranger among users"),
        pytest.param(
            {"userCapacities": [{"userId": C, "capacity": 1}]}, "userCapacities[0].userId", id="capacity of no member"
        ),
        pytest.param(
            {"userPriorities": [{"userId": A, "priority": 1}, {"userId": C, "priority": 1}]},
            "userPriorities[1].userId",
            id="stars of no member",
        ),
        pytest.param(
            {"userId": A, "userCustomLinks": [{"userId": A, "link": ""}]},
            "userCustomLinks[0].userId",
            id="a link of who leaves",
        ),
    ],
)
def test_a_wrong_edit_is_refused_with_the_field_named(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        edited_members(PAIR, edit(**asked), EVERYBODY)
    assert [error.field for error in refusal.value.errors] == [field]


def test_a_queue_has_a_bounded_number_of_members() -> None:
    full = tuple(Member(user_id=UUID(int=n)) for n in range(100, 100 + MAX_MEMBERS))
    with pytest.raises(Malformed):
        edited_members(full, edit(userId=A), EVERYBODY)
    assert len(edited_members(full, edit(userId=UUID(int=100)), EVERYBODY)) == MAX_MEMBERS - 1


@pytest.mark.parametrize(
    ("toggled", "users"),
    [
        pytest.param(None, [A, B], id="nobody"),
        pytest.param(C, [A, B, C], id="joins as the last"),
        pytest.param(A, [B], id="leaves"),
    ],
)
def test_a_group_has_after_a_toggle(toggled: UUID | None, users: list[UUID]) -> None:
    assert edited_users([A, B], toggled) == users


@pytest.mark.parametrize(
    ("present", "asked", "main"),
    [
        pytest.param(A, msgspec.UNSET, A, id="left out stays"),
        pytest.param(C, msgspec.UNSET, None, id="who left is it no more"),
        pytest.param(A, None, None, id="null clears"),
        pytest.param(A, B, B, id="another"),
    ],
)
def test_the_main_host_of_a_group_is_then(present: UUID, asked: Any, main: UUID | None) -> None:
    assert edited_main_host(present, asked, [A, B]) == main


def test_a_main_host_must_be_in_the_group() -> None:
    with pytest.raises(Malformed, match="mainGroupHostId"):
        edited_main_host(A, C, [A, B])
