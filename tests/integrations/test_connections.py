from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict, Malformed, NotFound, Unavailable
from slotkeeper.integrations.connect import NewConnection, connect
from slotkeeper.integrations.connections import (
    ConnectionSummary,
    calendars_that_read_busy,
    connections_of,
    disconnect,
    load_connection,
    mark_broken,
)
from slotkeeper.secrets import Vault

Pool = AsyncConnectionPool[Connection]
pytestmark = pytest.mark.usefixtures("acme")


def acme_with(password: str, **fields: Any) -> NewConnection:
    long = {"note": "a credential whose sealed form is longer than one line of base64 " * 3}
    return NewConnection(provider="acme", credentials={"password": password, **long}, **fields)


async def connected(pool: Pool, vault: Vault, company: Bootstrapped, **fields: bool) -> ConnectionSummary:
    return await connect(pool, vault, company.company_id, company.user_id, acme_with("right", **fields))


async def reading_busy(connection: Connection, vault: Vault, company_id: UUID) -> list[UUID]:
    accounts = await calendars_that_read_busy(connection, vault)
    return [account.id for account in accounts if account.company_id == company_id]


async def test_a_connection_is_listed_without_its_credentials(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    made = await connected(pool, vault, company)
    assert await connections_of(connection, company.company_id) == [made]
    assert (made.provider, made.email, made.is_primary, made.is_connected) == ("acme", "host@acme.example", True, True)
    assert made.selected_calendars == ["work"]
    assert "right" not in repr(made)


async def test_credentials_are_encrypted_at_rest_and_come_back_for_the_adapter(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    made = await connected(pool, vault, company)
    rows = await (await connection.execute("SELECT credentials FROM connections WHERE id = %s", (made.id,))).fetchall()
    assert b"right" not in bytes(rows[0][0])
    account = await load_connection(connection, vault, company.company_id, made.id)
    assert account is not None
    assert account.credentials == acme_with("right").credentials
    assert account.settings["email"] == "host@acme.example"
    assert "right" not in repr(account)


@pytest.mark.parametrize(
    ("new", "error", "message"),
    [
        pytest.param(acme_with("wrong"), Malformed, "credentials: the password is wrong", id="wrong credentials"),
        pytest.param(acme_with("asleep"), Unavailable, "acme does not answer", id="the provider sleeps"),
        pytest.param(NewConnection(provider="nosuch"), Malformed, "provider: there is no provider", id="unknown"),
        pytest.param(NewConnection(provider="hubspot"), Conflict, "hubspot has no adapter", id="no adapter"),
        pytest.param(NewConnection(provider="internal"), Conflict, "needs no connection", id="no accounts"),
    ],
)
async def test_what_cannot_be_connected_is_refused_and_nothing_is_kept(
    pool: Pool,
    connection: Connection,
    vault: Vault,
    company: Bootstrapped,
    new: NewConnection,
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        await connect(pool, vault, company.company_id, company.user_id, new)
    assert await connections_of(connection, company.company_id) == []


async def test_a_calendar_belongs_to_a_user(pool: Pool, vault: Vault, company: Bootstrapped) -> None:
    with pytest.raises(Malformed, match="userId"):
        await connect(pool, vault, company.company_id, None, acme_with("right"))


async def test_another_companys_user_gets_no_connection(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    other = await bootstrap(connection, vault, company="Other", email="other@example.com", timezone="UTC")
    with pytest.raises(NotFound):
        await connect(pool, vault, company.company_id, other.user_id, acme_with("right"))


async def test_a_user_lists_their_own_and_a_company_all(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    colleague = await add_host(connection, company.company_id, email="colleague@example.com", timezone="UTC")
    mine = await connected(pool, vault, company)
    theirs = await connect(pool, vault, company.company_id, colleague, acme_with("right"))
    assert await connections_of(connection, company.company_id, colleague) == [theirs]
    assert await connections_of(connection, company.company_id) == [mine, theirs]


@pytest.mark.parametrize("whose", ["another company's", "another user's", "nobody's"])
async def test_a_connection_of_somebody_else_looks_like_an_unknown_one(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped, whose: str
) -> None:
    made = await connected(pool, vault, company)
    company_id = uuid4() if whose == "another company's" else company.company_id
    connection_id = uuid4() if whose == "nobody's" else made.id
    with pytest.raises(NotFound, match=f"connection {connection_id} not found"):
        await disconnect(connection, company_id, connection_id, uuid4())
    assert await connections_of(connection, company.company_id) == [made]


async def test_a_disconnected_calendar_forgets_its_credentials_and_blocks_nothing(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    made = await connected(pool, vault, company)
    busy = (company.company_id, company.user_id, made.id, datetime(2026, 12, 7, 9, tzinfo=UTC))
    await connection.execute(
        "INSERT INTO external_busy_times VALUES (%s, %s, %s, %s::timestamptz, 'infinity')",
        busy,
    )
    await disconnect(connection, company.company_id, made.id, company.user_id)
    assert await connections_of(connection, company.company_id) == []
    assert await load_connection(connection, vault, company.company_id, made.id) is None
    left = (
        "SELECT credentials, (SELECT count(*) FROM external_busy_times WHERE connection_id = c.id) FROM connections c"
    )
    rows = await (await connection.execute(f"{left} WHERE id = %s", (made.id,))).fetchall()
    assert rows == [(None, 0)]


async def test_another_companys_connection_is_not_loaded(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    made = await connected(pool, vault, company)
    assert await load_connection(connection, vault, uuid4(), made.id) is None


async def test_a_broken_calendar_is_shown_as_not_connected_and_waits_for_its_person(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    made = await connected(pool, vault, company)
    assert await reading_busy(connection, vault, company.company_id) == [made.id]
    await mark_broken(connection, company.company_id, made.id)
    [shown] = await connections_of(connection, company.company_id)
    assert not shown.is_connected
    assert await reading_busy(connection, vault, company.company_id) == []


async def test_a_calendar_that_only_takes_events_is_not_read(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    await connected(pool, vault, company, reads_busy=False)
    assert await reading_busy(connection, vault, company.company_id) == []


async def test_a_calendar_that_is_only_read_is_not_the_primary_one(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    assert not (await connected(pool, vault, company, writes=False)).is_primary


async def test_a_calendar_that_tells_no_zone_is_read_in_its_hosts_own(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    made = await connected(pool, vault, company)
    account = await load_connection(connection, vault, company.company_id, made.id)
    assert account is not None
    assert account.settings["timezone"] == "Europe/Berlin"


async def test_connecting_the_same_calendar_again_renews_its_credentials_and_keeps_its_id(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    made = await connected(pool, vault, company)
    await mark_broken(connection, company.company_id, made.id)
    new = NewConnection(provider="acme", credentials={"password": "right", "note": "new"})
    again = await connect(pool, vault, company.company_id, company.user_id, new)
    assert [c.id for c in await connections_of(connection, company.company_id)] == [again.id] == [made.id]
    assert again.is_connected
    account = await load_connection(connection, vault, company.company_id, made.id)
    assert account is not None
    assert account.credentials["note"] == "new"


async def test_a_calendar_is_read_soon_after_it_was_connected(
    pool: Pool, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    made = await connected(pool, vault, company)
    only_taking = await connected(pool, vault, await _another(connection, vault), reads_busy=False)
    sql = "SELECT args ->> 'connection_id' FROM procrastinate_jobs WHERE task_name = 'pull_busy_times_of'"
    jobs = [row[0] for row in await (await connection.execute(sql)).fetchall()]
    assert jobs.count(str(made.id)) == 1
    assert str(only_taking.id) not in jobs


async def _another(connection: Connection, vault: Vault) -> Bootstrapped:
    return await bootstrap(connection, vault, company="Another", email="another@example.com", timezone="UTC")
