from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from slotkeeper.api.problems import problem_answer
from slotkeeper.errors import ConflictDetail, NotFree


async def test_a_refusal_carries_the_standards_members_and_those_that_clients_of_the_api_parse(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/open/refused/conflict")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "http://127.0.0.1:8000/problems/slot-occupied",
        "title": "Conflict",
        "status": 409,
        "detail": "the host is taken",
        "instance": "/open/refused/conflict",
        "statusCode": 409,
        "message": "slot-occupied",
        "error": "Conflict",
        "errorCode": "slot-occupied",
    }


async def test_a_defect_of_ours_is_logged_and_tells_nothing_of_the_inside(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.post("/open/refused/defect")
    assert answer.status_code == 500
    assert answer.json()["errorCode"] == "internal-error"
    assert b"secret internals" not in answer.content
    assert "secret internals" in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        pytest.param("GET", "/nowhere", 404, "not-found", id="unknown path"),
        pytest.param("GET", "/nöwhere/%00", 404, "not-found", id="path with NUL"),
        pytest.param("DELETE", "/healthz", 405, "method-not-allowed", id="wrong method"),
        pytest.param("POST", "/open/refused/unknown", 404, "not-found", id="unknown object"),
    ],
)
async def test_whatever_is_wrong_has_the_same_shape(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["status"], answer.json()["statusCode"], answer.json()["errorCode"]) == (status, status, code)


async def test_a_path_whose_id_is_no_uuid_is_400_and_names_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/test/typed/not-a-uuid")
    assert (answer.status_code, answer.json()["message"]) == (400, ["id must be a UUID"])


async def test_a_wrong_method_is_told_the_right_ones(client: httpx.AsyncClient) -> None:
    assert "GET" in (await client.delete("/healthz")).headers["allow"]


def test_a_time_that_is_not_free_lists_what_stands_in_the_way(a_conflict: NotFree) -> None:
    answer = problem_answer(a_conflict, "https://meet.example.com", "/v4/appointment/1/reschedule")
    assert answer.status == 409
    assert b'"conflicts":[{"rule":"slot-occupied","hostId":"' in answer.body
    assert b'"suggestions":["2026-03-10T15:00:00Z"]' in answer.body
    assert b'"message":"slot-occupied"' in answer.body


@pytest.fixture
def a_conflict() -> NotFree:
    start, end = datetime(2026, 3, 10, 14, tzinfo=UTC), datetime(2026, 3, 10, 15, tzinfo=UTC)
    conflict = ConflictDetail(rule="slot-occupied", host_id=uuid4(), start=start, end=end)
    return NotFree("taken", code="slot-occupied", conflicts=[conflict], suggestions=[end])
