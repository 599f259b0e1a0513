from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection, open_pool


async def _ask(pool: "AsyncConnectionPool[Connection]") -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT pg_backend_pid()")).fetchone()
    assert row is not None
    return int(row[0])


async def test_a_connection_that_the_server_has_closed_is_replaced_before_anybody_gets_it(database_url: str) -> None:
    async with (
        open_pool(database_url, 1) as pool,
        open_pool(database_url, 1) as another,
        another.connection() as operator,
    ):
        first = await _ask(pool)
        await operator.execute("SELECT pg_terminate_backend(%s, 10000)", (first,))
        assert await _ask(pool) != first


async def test_a_connection_that_only_had_something_to_say_is_kept(database_url: str) -> None:
    async with (
        open_pool(database_url, 1) as pool,
        open_pool(database_url, 1) as another,
        another.connection() as operator,
    ):
        async with pool.connection() as connection:
            await connection.execute("LISTEN news")
        first = await _ask(pool)
        await operator.execute("NOTIFY news")
        assert await _ask(pool) == first


async def test_a_statement_alone_is_a_transaction_of_its_own(database_url: str) -> None:
    async with open_pool(database_url, 1) as pool, pool.connection() as connection:
        assert connection.autocommit
