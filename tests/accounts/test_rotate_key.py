"""From an old secret key to a new one, on a database of the test's own: a rotation reaches every company."""

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.fernet import InvalidToken
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.accounts.rotate_key import Rotated, rotate
from slotkeeper.appointments.by_secret import appointment_by_secret
from slotkeeper.db.migrate import migrate
from slotkeeper.db.pool import Connection, open_pool
from slotkeeper.db.sealed_columns import BATCH, SEALED, Sealed, replace
from slotkeeper.integrations.connect import NewConnection, connect
from slotkeeper.integrations.connections import load_connection
from slotkeeper.secrets import Vault
from slotkeeper.side_effects.outward import Outward
from slotkeeper.webhooks.endpoints import load_endpoint

from ..conftest import TEST_SECRET_KEY
from ..integrations.conftest import acme, install
from ..side_effects.conftest import mail_server, office, webhook_receiver
from ..support.mailed import booked
from ..support.office import Office

__all__ = ["acme", "install", "mail_server", "office", "webhook_receiver"]

SOURCE = Path(__file__).parents[2] / "src" / "slotkeeper"
BOTH, NEW = Vault(f"new,{TEST_SECRET_KEY}"), Vault("new")
WEBHOOK_SECRETS = next(column for column in SEALED if column.name == "webhook_endpoints.secret")

SEALED_BY = {
    "accounts/bootstrap.py": "companies.link_key",
    "integrations/connect.py": "connections.credentials",
    "webhooks/endpoints.py": "webhook_endpoints.secret",
    "side_effects/fire_webhooks.py": "effects.detail.body",
}
"""Where ``Vault.seal`` is called, and the column that its value ends in."""
NOT_SEALED = {
    "personal_tokens.token_hash",
    "platform_keys.secret_hash",
    "one_time_links.token_hash",
    "idempotency_records.fingerprint",
    "idempotency_records.body",
}
"""Bytes that are no secret to be read again: hashes, and answers that are kept for a day."""


@pytest.fixture
def database_url(postgres_url: str, worker_id: str) -> Iterator[str]:
    name = f"slotkeeper_rotated_{worker_id}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
        url = psycopg.conninfo.make_conninfo(postgres_url, dbname=name)
        migrate(url)
        yield url
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def rotate_all(connection: Connection, vault: Vault = BOTH) -> dict[str, Rotated]:
    return {column.name: await rotate(connection, vault, column, lambda _done, _of: None) for column in SEALED}


async def filled(office: Office, vault: Vault) -> tuple[UUID, UUID, str]:
    """Something in every sealed column: a connection, an endpoint, and the link that a mail leads to."""
    company = office.company
    endpoint = await office.add_endpoint("booking_created")
    office.receiver.will_answer(503)
    _, link = await booked(office)
    calendar = NewConnection(provider="acme", credentials={"password": "right"}, writes=False, reads_busy=False)
    account = await connect(office.pool, vault, company.company_id, company.user_id, calendar)
    return account.id, endpoint.id, link.rpartition("/")[2]


@pytest.mark.usefixtures("acme")
async def test_after_a_rotation_the_old_key_is_needless_and_mailed_links_still_open(
    office: Office, connection: Connection, vault: Vault
) -> None:
    account, endpoint, secret = await filled(office, vault)
    company_id = office.company.company_id
    with pytest.raises(InvalidToken):
        await appointment_by_secret(connection, NEW, secret)
    before = await load_endpoint(connection, vault, company_id, endpoint)

    done = await rotate_all(connection)
    assert {name: (column.rotated, column.unreadable) for name, column in done.items()} == dict.fromkeys(done, (1, 0))

    assert (await appointment_by_secret(connection, NEW, secret)).attendee.email == "ann@example.org"
    loaded = await load_connection(connection, NEW, company_id, account)
    assert loaded is not None
    assert loaded.credentials == {"password": "right"}
    assert await load_endpoint(connection, NEW, company_id, endpoint) == before
    tokens = await fernet_tokens(connection)
    assert len(tokens) == len(SEALED)
    assert [NEW.open(token) for token in tokens]


@pytest.mark.usefixtures("acme")
async def test_a_webhook_that_waits_for_its_next_attempt_is_sent_with_the_same_bytes(
    office: Office, connection: Connection, vault: Vault
) -> None:
    await filled(office, vault)
    await rotate_all(connection)
    given = {name: getattr(office.outward, name) for name in Outward.__struct_fields__}
    office.outward = Outward(**{**given, "vault": NEW})
    await office.wait_and_work(timedelta(seconds=6))
    first, second = office.receiver.received
    assert first.body == second.body


async def test_a_rotation_that_was_broken_off_goes_on_where_it_stood(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    total = 2 * BATCH + 1
    await insert_endpoints(connection, company, [vault.seal(b"secret") for _ in range(total)])

    def stop(looked_at: int, of: int) -> None:
        assert (looked_at, of) == (BATCH, total)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rotate(connection, BOTH, WEBHOOK_SECRETS, stop)
    assert (await rotate_all(connection))[WEBHOOK_SECRETS.name].rotated == total - BATCH
    assert (await rotate_all(connection))[WEBHOOK_SECRETS.name].rotated == 0
    assert {NEW.open(token) for token in await fernet_tokens(connection, "webhook_endpoints")} == {b"secret"}


async def test_a_value_that_somebody_changes_meanwhile_stays_as_they_left_it(
    database_url: str, pool: "AsyncConnectionPool[Connection]", vault: Vault, company: Bootstrapped
) -> None:
    async with pool.connection() as connection, pool.connection() as other, open_pool(database_url, 1) as third:
        await insert_endpoints(connection, company, [vault.seal(b"before")])
        async with other.transaction():
            await other.execute("UPDATE webhook_endpoints SET secret = %s", (vault.seal(b"after"),))
            rotation = asyncio.create_task(rotate(connection, BOTH, WEBHOOK_SECRETS, lambda _done, _of: None))
            async with third.connection() as observer:
                while not await waits(observer, connection.info.backend_pid):
                    assert not rotation.done()
        done = await rotation
        assert (done.total, done.rotated) == (1, 1)
        assert [NEW.open(token) for token in await fernet_tokens(connection, "webhook_endpoints")] == [b"after"]


async def test_what_was_read_too_early_is_not_written(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    [endpoint] = await insert_endpoints(connection, company, [vault.seal(b"now")])
    read = Sealed(key=(company.company_id, endpoint), value=vault.seal(b"before"))
    assert await replace(connection, WEBHOOK_SECRETS, [read], [NEW.seal(b"before")]) == 0
    assert [vault.open(token) for token in await fernet_tokens(connection, "webhook_endpoints")] == [b"now"]


async def test_a_value_that_no_key_opens_is_counted_and_left_alone(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    lost = Vault("lost").seal(b"secret")
    await insert_endpoints(connection, company, [lost, vault.seal(b"secret")])
    done = (await rotate_all(connection))[WEBHOOK_SECRETS.name]
    assert (done.total, done.rotated, done.unreadable) == (2, 1, 1)
    assert lost in await fernet_tokens(connection, "webhook_endpoints")


async def test_every_column_of_bytes_is_rotated_or_known_to_hold_no_secret(connection: Connection) -> None:
    cursor = await connection.execute(
        """SELECT table_name || '.' || column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND data_type = 'bytea' AND table_name !~ '^(_?yoyo|procrastinate)'"""
    )
    columns = {name for [name] in await cursor.fetchall()}
    assert columns - NOT_SEALED == {column.name for column in SEALED} & columns
    assert columns >= NOT_SEALED


def test_whatever_is_sealed_is_rotated() -> None:
    callers = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if ".seal(" in path.read_text()}
    assert callers == SEALED_BY.keys()
    assert {*SEALED_BY.values()} == {column.name for column in SEALED}


async def insert_endpoints(connection: Connection, company: Bootstrapped, secrets: list[bytes]) -> list[UUID]:
    ids = [uuid4() for _ in secrets]
    await connection.execute(
        """INSERT INTO webhook_endpoints (company_id, id, endpoint, event_types, secret)
        SELECT %s, n.id, '', '{}', n.secret FROM unnest(%s::uuid[], %s::bytea[]) n (id, secret)""",
        (company.company_id, ids, secrets),
    )
    return ids


async def waits(observer: Connection, pid: int) -> bool:
    cursor = await observer.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", (pid,))
    return await cursor.fetchone() == (True,)


async def fernet_tokens(connection: Connection, *tables: str) -> list[bytes]:
    """Whatever looks like one (its first byte is 0x80) in the whole database, as text or as bytes."""
    cursor = await connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = ""
    for [table] in await cursor.fetchall():
        if not tables or table in tables:
            found = await connection.execute(
                f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM \"{table}\" t".encode()
            )
            rows += "".join(text for [text] in await found.fetchall())
    as_bytes = [bytes.fromhex(digits) for digits in re.findall(r"\\x((?:[0-9a-f]{2})+)", rows)]
    as_text = [text.encode() for text in re.findall(r"gAAAAA[\w-]+=*", rows)]
    return [token for token in (*as_bytes, *as_text) if token.startswith(b"gAAAAA")]
