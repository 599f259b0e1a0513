from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.api.root.crm.conftest import Crm
from tests.support.desk import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(delta: timedelta) -> str:
    """Monday, 23 November 2037, 9:00 in Berlin, and so much later."""
    return (NOW + delta).isoformat()


async def test_a_task_is_kept_as_it_was_given(crm: Crm) -> None:
    contact, company = await crm.contact(), await crm.company()
    deal = await crm.deal()
    parents = {"contactId": contact["id"], "dealId": deal["id"], "crmCompanyId": company["id"]}
    created = await crm.task(description="Ask", priority="high", reminderAt=at(-HOUR), **parents)
    assert {name: created[name] for name in parents} == parents
    assert (created["title"], created["type"], created["priority"]) == ("Call", "call", "high")
    assert (created["contact"]["firstName"], created["deal"]["name"], created["crmCompany"]["name"]) == (
        "Ann",
        "Big deal",
        "Acme",
    )
    assert (created["assigneeId"], created["assignee"]["fullName"]) == (crm.user_id, "host")
    assert await crm.get(f"/crm/tasks/{created['id']}") == created


@pytest.mark.parametrize(
    ("patch", "changed"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"title": "Write", "type": "email"}, {"title": "Write", "type": "email"}, id="two fields"),
        pytest.param({"description": None}, {"description": None}, id="null clears"),
        pytest.param({"assigneeId": None}, {"assigneeId": None, "assignee": None}, id="nobody has to"),
        pytest.param({"contactId": None}, {"contactId": None, "contact": None}, id="about nobody"),
        pytest.param({"dueDate": "2037-12-24"}, {"dueDate": "2037-12-24T22:59:59Z"}, id="a date in the caller's zone"),
        pytest.param({"completed": True, "completedAt": at(HOUR)}, {}, id="whether it is done is not said so"),
    ],
)
async def test_a_patch_changes_what_it_gives_and_nothing_else(
    crm: Crm, patch: dict[str, Any], changed: dict[str, Any]
) -> None:
    contact = await crm.contact()
    created = await crm.task(description="x", contactId=contact["id"])
    patched = await crm.patch(f"/crm/tasks/{created['id']}", **patch)
    assert {**patched, "updatedAt": None} == {**created, **changed, "updatedAt": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": ""}, "title"),
        ({"type": "dance"}, "type"),
        ({"priority": "urgent"}, "priority"),
        ({"dueDate": "soon"}, "dueDate"),
        ({"reminderAt": "2037-01-01T10:00:00"}, "reminderAt"),
        ({"assigneeId": str(uuid4())}, "assigneeId"),
        ({"contactId": str(uuid4())}, "contactId"),
        ({"dealId": str(uuid4())}, "dealId"),
        ({"crmCompanyId": str(uuid4())}, "crmCompanyId"),
    ],
)
async def test_what_is_no_task_is_refused_with_its_field(crm: Crm, body: dict[str, Any], field: str) -> None:
    given = {"title": "Call", "type": "call", "dueDate": at(DAY), **body}
    assert await crm.refused("POST", "/crm/tasks", given) == (400, "malformed-request", [field])
    task = await crm.task()
    assert await crm.refused("PATCH", f"/crm/tasks/{task['id']}", body) == (400, "malformed-request", [field])


async def test_a_task_is_done_and_undone_without_a_body_but_with_a_json_content_type(crm: Crm) -> None:
    task = await crm.task()
    headers = {"authorization": f"Bearer {crm.token}", "content-type": "application/json"}
    for name, completed_at in (("complete", at(timedelta(0))), ("complete", at(timedelta(0))), ("uncomplete", None)):
        answer = await crm.client.patch(f"/crm/tasks/{task['id']}/{name}", headers=headers)
        assert answer.status_code == 200, answer.text
        done = completed_at and completed_at.replace("+00:00", "Z")
        assert (answer.json()["completed"], answer.json()["completedAt"]) == (done is not None, done)


async def test_a_deleted_task_is_gone(crm: Crm) -> None:
    task = await crm.task()
    await crm.delete(f"/crm/tasks/{task['id']}")
    for method, path in (("GET", ""), ("PATCH", "/complete"), ("PATCH", "/uncomplete"), ("DELETE", "")):
        assert (await crm.refused(method, f"/crm/tasks/{task['id']}{path}"))[0] == 404
    assert (await crm.get("/crm/tasks"))["total"] == 0


@pytest.fixture
async def five_tasks(crm: Crm, member: Crm) -> dict[str, str]:
    contact, company = await crm.contact(), await crm.company()
    await crm.task(title="Late", dueDate=at(-DAY), priority="high", contactId=contact["id"])
    await crm.task(title="Now", dueDate=at(timedelta(0)))
    await crm.task(title="Today", dueDate=at(3 * HOUR), type="todo", priority="low", crmCompanyId=company["id"])
    await member.task(title="Friday", dueDate=at(4 * DAY))
    done = await crm.task(title="Done", dueDate=at(-2 * DAY))
    await crm.patch(f"/crm/tasks/{done['id']}/complete")
    return {"ann": contact["id"], "acme": company["id"], "mia": member.user_id}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        pytest.param({}, "Done Late Now Today Friday", id="by their time"),
        pytest.param({"sortOrder": "DESC"}, "Friday Today Now Late Done", id="the last first"),
        pytest.param({"assigneeId": "mia"}, "Friday", id="of one user"),
        pytest.param({"contactId": "ann"}, "Late", id="of a contact"),
        pytest.param({"crmCompanyId": "acme"}, "Today", id="of a company"),
        pytest.param({"completed": "true"}, "Done", id="done"),
        pytest.param({"type": "todo"}, "Today", id="of a type"),
        pytest.param({"priority": "high"}, "Late", id="of a priority"),
    ],
)
async def test_tasks_are_found(crm: Crm, five_tasks: dict[str, str], query: dict[str, str], titles: str) -> None:
    found = await crm.get("/crm/tasks", **{name: five_tasks.get(value, value) for name, value in query.items()})
    assert [task["title"] for task in found["tasks"]] == titles.split()
    assert found["total"] == len(titles.split())


async def test_tasks_are_sorted_by_what_their_priority_means(crm: Crm, five_tasks: dict[str, str]) -> None:
    found = await crm.get("/crm/tasks", sortBy="priority", sortOrder="DESC")
    assert [task["priority"] for task in found["tasks"]] == ["high", "medium", "medium", "medium", "low"]


async def test_overdue_is_what_is_open_and_past(crm: Crm, five_tasks: dict[str, str]) -> None:
    overdue = await crm.get("/crm/tasks/overdue")
    assert [(task["title"], task["isOverdue"]) for task in overdue] == [("Late", True)]


@pytest.mark.parametrize(("days", "titles"), [(None, "Now Today Friday"), (1, "Now Today"), (4, "Now Today")])
async def test_upcoming_is_what_is_open_and_due_within_days(
    crm: Crm, five_tasks: dict[str, str], days: int | None, titles: str
) -> None:
    upcoming = await crm.get("/crm/tasks/upcoming", **({"days": days} if days else {}))
    assert [task["title"] for task in upcoming] == titles.split()


async def test_a_summary_counts_what_presses(crm: Crm, five_tasks: dict[str, str]) -> None:
    assert await crm.get("/crm/tasks/summary") == {
        "totalTasks": 5,
        "completedTasks": 1,
        "overdueTasks": 1,
        "dueTodayTasks": 2,
        "dueThisWeekTasks": 3,
        "byType": [{"type": "call", "count": 4}, {"type": "todo", "count": 1}],
        "byPriority": [
            {"priority": "high", "count": 1},
            {"priority": "low", "count": 1},
            {"priority": "medium", "count": 3},
        ],
    }
    assert (await crm.get("/crm/tasks/summary", assigneeId=five_tasks["mia"]))["totalTasks"] == 1
