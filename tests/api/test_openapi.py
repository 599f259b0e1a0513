from typing import Any

import httpx
import pytest

from slotkeeper.webhooks.payloads import WEBHOOK_TYPE_OF


@pytest.fixture
async def document(client: httpx.AsyncClient) -> Any:
    answer = await client.get("/openapi.json")
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()


async def test_the_document_is_openapi_3_1_and_names_the_credentials(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert set(document["components"]["securitySchemes"]) == {"ApiKey", "ApiUserHeader", "JWT"}


async def test_every_error_answer_is_a_problem(document: Any) -> None:
    answers = [
        (path, status, answer)
        for path, item in document["paths"].items()
        for operation in item.values()
        for status, answer in operation["responses"].items()
        if status >= "400"
        and path not in ("/open/refused/{code}", "/test/page", "/test/typed/{some_id}", "/fingerprint/{path}")
    ]
    assert answers
    for path, status, answer in answers:
        assert list(answer["content"]) == ["application/problem+json"], (path, status)


async def test_a_body_is_described_by_its_struct_in_the_apis_own_names(document: Any) -> None:
    operation = document["paths"]["/test/shift/{id}"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    shift = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    assert set(shift["properties"]) == {"start", "ignoreAvailability", "hostIds", "notes"}
    assert shift["properties"]["start"]["format"] == "date-time"
    assert [parameter["name"] for parameter in operation["parameters"]] == ["id", "page"]


async def test_operations_have_names_of_their_own_that_clients_can_be_generated_from(document: Any) -> None:
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(set(names)) == len(names)
    assert {"rescheduleAppointmentV4", "bookAppointmentV4", "createWebhook", "createWebhookV4"} <= set(names)


async def test_the_answer_of_a_dry_run_is_told_from_that_of_a_move(document: Any) -> None:
    operation = document["paths"]["/v4/appointment/{id}/reschedule"]["post"]
    told = operation["responses"]["200"]["content"]["application/json"]["schema"]["oneOf"]
    assert [schema["$ref"].rpartition("/")[2] for schema in told] == ["RescheduledJson", "DryRunJson"]
    dry_run = [
        document["components"]["schemas"][name]["properties"]["dryRun"] for name in ("RescheduledJson", "DryRunJson")
    ]
    assert dry_run[0]["oneOf"][0]["const"] is False
    assert dry_run[1]["const"] is True


async def test_a_move_takes_if_match_and_an_idempotency_key(document: Any) -> None:
    parameters = document["paths"]["/v4/appointment/{id}/reschedule"]["post"]["parameters"]
    assert {p["name"] for p in parameters if p["in"] == "header"} == {"If-Match", "Idempotency-Key"}


async def test_the_webhooks_that_are_sent_are_described(document: Any) -> None:
    announced = {"new_employee", "credential_error"}
    assert set(document["webhooks"]) == {*WEBHOOK_TYPE_OF.values(), *announced}
    moved = document["components"]["schemas"]["WebhookBookingRescheduled"]["properties"]
    assert {"webhookType", "previousStart", "previousEnd", "sequence"} <= set(moved)


async def test_what_a_secret_opens_needs_no_token(document: Any) -> None:
    operations = [
        operation
        for path, methods in document["paths"].items()
        if "{secret}" in path
        for method, operation in methods.items()
        if method in {"get", "post"}
    ]
    assert len(operations) == 10
    assert [operation["operationId"] for operation in operations if operation.get("security") != [{}]] == []


async def test_every_reference_leads_somewhere(document: Any) -> None:
    names = {reference.rpartition("/")[2] for reference in references(document)}
    assert names
    assert names <= set(document["components"]["schemas"])


def references(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*map(references, node.values()))
