import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection
from slotkeeper.errors import LimitReached, Malformed, NotFound
from slotkeeper.secrets import Vault
from slotkeeper.webhooks.endpoints import (
    CreatedEndpoint,
    WebhookEndpoint,
    create_endpoint,
    delete_endpoint,
    get_endpoint,
    list_endpoints,
    load_endpoint,
    update_endpoint,
)
from slotkeeper.webhooks.subscription import EVENT_TYPES, EndpointPatch, NewEndpoint

URL = "https://hooks.example.com/slotkeeper"


async def resolve(host: str, port: int) -> Sequence[str]:
    """All names are public here, except those that say otherwise."""
    if host.startswith("unknown"):
        raise OSError
    return ["10.0.0.1" if host.startswith("inside") else "93.184.215.14"]


async def create(connection: Connection, vault: Vault, company_id: UUID, **given: Any) -> CreatedEndpoint:
    new = NewEndpoint(**{"endpoint": URL, "event_types": ["booking_rescheduled"], **given})
    return await create_endpoint(connection, vault, company_id, new, allow_networks=(), resolve=resolve)


async def update(connection: Connection, company_id: UUID, endpoint_id: UUID, **given: Any) -> WebhookEndpoint:
    return await update_endpoint(
        connection, company_id, endpoint_id, EndpointPatch(**given), allow_networks=(), resolve=resolve
    )


async def test_what_was_created_is_listed_and_read_without_its_secret(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    created = await create(connection, vault, company.company_id, description="ours")
    read = await get_endpoint(connection, company.company_id, created.id)
    assert await list_endpoints(connection, company.company_id) == [read]
    assert (read.endpoint, read.event_types, read.description) == (URL, ("booking_rescheduled",), "ours")
    assert created.secret.startswith("whsec_")
    assert not hasattr(read, "secret")


async def test_a_secret_is_encrypted_at_rest_stays_out_of_logs_and_opens_for_delivery(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    created = await create(connection, vault, company.company_id)
    rows = await (await connection.execute("SELECT secret FROM webhook_endpoints")).fetchall()
    loaded = await load_endpoint(connection, vault, company.company_id, created.id)
    assert loaded is not None
    assert (loaded.endpoint, loaded.secret) == (URL, created.secret)
    assert created.secret not in f"{rows} {created!r} {loaded!r}"


async def test_every_event_type_of_the_api_can_be_subscribed_to_and_counts_once(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    created = await create(connection, vault, company.company_id, event_types=[*EVENT_TYPES, "booking_created"])
    assert created.event_types == EVENT_TYPES


async def test_a_public_name_may_have_no_address_yet_when_it_is_saved(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    created = await create(connection, vault, company.company_id, endpoint="https://unknown.example.com/")
    assert [endpoint.id for endpoint in await list_endpoints(connection, company.company_id)] == [created.id]


WRONG = [
    pytest.param({"endpoint": "https://inside.example.com/"}, "endpoint", id="private address"),
    pytest.param({"endpoint": "https://unknown.internal/"}, "endpoint", id="private name without address"),
    pytest.param({"endpoint": "ftp://hooks.example.com/"}, "endpoint", id="another scheme"),
    pytest.param({"endpoint": ""}, "endpoint", id="empty address"),
    pytest.param({"event_types": []}, "eventTypes", id="no event types"),
    pytest.param({"event_types": ["booking_created", "booking_moved"]}, "eventTypes", id="unknown event type"),
    pytest.param({"description": "a\0b"}, "description", id="null character"),
    pytest.param({"description": "a" * 1001}, "description", id="long description"),
]


@pytest.mark.parametrize(("given", "field"), WRONG)
async def test_a_wrong_endpoint_is_refused_with_the_field_named_and_nothing_is_written(
    connection: Connection, vault: Vault, company: Bootstrapped, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        await create(connection, vault, company.company_id, **given)
    assert [error.field for error in refusal.value.errors] == [field]
    assert await list_endpoints(connection, company.company_id) == []


@pytest.mark.parametrize(("given", "field"), WRONG)
async def test_a_wrong_patch_is_refused_with_the_field_named_and_nothing_is_written(
    connection: Connection, vault: Vault, company: Bootstrapped, given: dict[str, Any], field: str
) -> None:
    created = await create(connection, vault, company.company_id)
    before = await get_endpoint(connection, company.company_id, created.id)
    with pytest.raises(Malformed) as refusal:
        await update(connection, company.company_id, created.id, **given)
    assert [error.field for error in refusal.value.errors] == [field]
    assert await get_endpoint(connection, company.company_id, created.id) == before


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, (URL, ("booking_rescheduled",), "ours"), id="nothing"),
        pytest.param(
            {"endpoint": "https://b.example/"}, ("https://b.example/", ("booking_rescheduled",), "ours"), id="address"
        ),
        pytest.param({"event_types": ["new_employee"]}, (URL, ("new_employee",), "ours"), id="event types replace"),
        pytest.param({"description": "theirs"}, (URL, ("booking_rescheduled",), "theirs"), id="description"),
        pytest.param({"description": None}, (URL, ("booking_rescheduled",), None), id="description cleared"),
    ],
)
async def test_a_patch_changes_what_it_names_and_keeps_the_secret(
    connection: Connection, vault: Vault, company: Bootstrapped, given: dict[str, Any], expected: tuple[object, ...]
) -> None:
    created = await create(connection, vault, company.company_id, description="ours")
    patched = await update(connection, company.company_id, created.id, **given)
    assert (patched.endpoint, patched.event_types, patched.description) == expected
    loaded = await load_endpoint(connection, vault, company.company_id, created.id)
    assert loaded is not None
    assert loaded.secret == created.secret


async def test_a_deleted_endpoint_is_unknown_everywhere_and_makes_room(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    endpoints = [await create(connection, vault, company.company_id) for _ in range(6)]
    gone = endpoints[0].id
    await delete_endpoint(connection, company.company_id, gone)
    assert await load_endpoint(connection, vault, company.company_id, gone) is None
    assert gone not in {endpoint.id for endpoint in await list_endpoints(connection, company.company_id)}
    with pytest.raises(NotFound):
        await delete_endpoint(connection, company.company_id, gone)
    await create(connection, vault, company.company_id)
    assert len(await list_endpoints(connection, company.company_id)) == 6


async def test_another_companys_endpoint_is_unknown(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    created = await create(connection, vault, company.company_id)
    stranger = uuid4()
    assert await list_endpoints(connection, stranger) == []
    assert await load_endpoint(connection, vault, stranger, created.id) is None
    with pytest.raises(NotFound):
        await get_endpoint(connection, stranger, created.id)
    with pytest.raises(NotFound):
        await update(connection, stranger, created.id, description="mine")
    with pytest.raises(NotFound):
        await delete_endpoint(connection, stranger, created.id)
    assert (await get_endpoint(connection, company.company_id, created.id)).description is None


async def test_of_ten_endpoints_created_at_once_six_are_kept_and_four_refused(
    pool: "AsyncConnectionPool[Connection]", vault: Vault, company: Bootstrapped
) -> None:
    async def create_one() -> CreatedEndpoint:
        async with pool.connection() as connection:
            return await create(connection, vault, company.company_id)

    outcomes = await asyncio.gather(*(create_one() for _ in range(10)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CreatedEndpoint"] * 6 + ["LimitReached"] * 4
    async with pool.connection() as connection:
        assert len(await list_endpoints(connection, company.company_id)) == 6


async def test_a_seventh_endpoint_is_answered_with_the_apis_own_status(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    for _ in range(6):
        await create(connection, vault, company.company_id)
    with pytest.raises(LimitReached, match="at most 6") as refusal:
        await create(connection, vault, company.company_id)
    assert refusal.value.status == 406
