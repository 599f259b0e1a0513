from uuid import uuid4

import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.accounts.tokens import list_tokens, revoke_token
from slotkeeper.db.pool import Connection
from slotkeeper.errors import NotFound


async def test_a_token_is_stored_as_a_hash_and_only_its_last_four_characters_are_readable(
    connection: Connection, company: Bootstrapped
) -> None:
    rows = await (await connection.execute("SELECT t::text FROM personal_tokens t")).fetchall()
    assert company.token not in str(rows)
    [token] = await list_tokens(connection, company.company_id)
    assert token.token_hint == company.token[-4:]


async def test_another_company_cannot_revoke_a_token(connection: Connection, company: Bootstrapped) -> None:
    [token] = await list_tokens(connection, company.company_id)
    with pytest.raises(NotFound):
        await revoke_token(connection, uuid4(), token.id)
