"""One company with one of each thing, a colleague of its host, and a stranger: over HTTP, but for credentials."""

import itertools
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import msgspec

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.accounts.tokens import list_tokens, new_personal_token, revoke_token
from slotkeeper.appointments.bulk import BulkMove
from slotkeeper.appointments.reschedule_bulk import start_job
from slotkeeper.db.pool import open_pool
from slotkeeper.secrets import Vault
from tests.api.conftest import bearer
from tests.support.desk import Desk

GROUPS = (("scheduling",), ("crm",), ("account",), ("scheduling", "account"))
"""That routes ask for, one of them."""
_NAME = re.compile(r"<([\w -]+)>")
_PARAMETER = re.compile(r"([\w-]*)\}?/\{(\w+)\}")
Maker = Callable[["World"], dict[str, Any]]


class World:
    """``ids``: by the word in front of ``{id}`` in a path, by another parameter's own name, and by ``<name>``."""

    def __init__(self, http: httpx.Client, company: Bootstrapped, tokens: dict[str, str], ids: dict[str, str]) -> None:
        self.http = http
        self.company = company
        self.tokens = tokens
        self.ids: dict[str, Any] = ids
        self._number = itertools.count()

    def filled(self, value: Any, ids: dict[str, Any]) -> Any:
        """``value`` with an id, or a new word or a free time, in the place of each name."""
        if isinstance(value, dict):
            return {name: self.filled(member, ids) for name, member in value.items()}
        if isinstance(value, list):
            return [self.filled(member, ids) for member in value]
        if not isinstance(value, str):
            return value
        whole = _NAME.fullmatch(value)
        return self._named(whole[1], ids) if whole else _NAME.sub(lambda found: self._named(found[1], ids), value)

    def _named(self, name: str, ids: dict[str, Any]) -> Any:
        if name == "free":
            return self.free()
        return f"new{next(self._number)}" if name == "new" else ids[name]

    def free(self) -> str:
        """A start that nobody has: another one each time."""
        days, slots = divmod(next(self._number), 12)
        monday = datetime.now(UTC) + timedelta(days=14 - datetime.now(UTC).weekday())
        week, day = divmod(days, 5)
        at = monday.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=7 * week + day)
        return (at + timedelta(minutes=30 * slots)).isoformat()

    def ask(self, caller: str, method: str, path: str, body: Any = None) -> httpx.Response:
        token = self.tokens.get(caller)
        headers = bearer(token) if token else {}
        content = None if body is None else msgspec.json.encode(body)
        return self.http.request(method, path, content=content, headers={"content-type": "application/json", **headers})

    def made(self, caller: str, path: str, **body: Any) -> Any:
        answer = self.ask(caller, "POST", path, body)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()


def ids_in(path: str) -> dict[str, str]:
    """Of each parameter of a path the name that its id has in the world."""
    return {
        name: collection if name == "id" else name
        for collection, name in _PARAMETER.findall(path.replace("/crm/contacts/", "/contacts/"))
    }


def names_in(path: str, value: Any) -> set[str]:
    """All that a request needs of the world."""
    return {*ids_in(path).values(), *_NAME.findall(msgspec.json.encode(value).decode())}


async def people(database_url: str, secret_key: str) -> tuple[Bootstrapped, dict[str, str], dict[str, str]]:
    """The company, the tokens by caller (and by what they reach), and the users' ids."""
    async with open_pool(database_url, 2) as pool, pool.connection() as connection:
        vault = Vault(secret_key)
        company = await bootstrap(connection, vault, company="Ours", email="a@example.com", timezone="UTC")
        other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
        ours = company.company_id
        host = await add_host(connection, ours, email="h@example.com", timezone="UTC")
        colleague = await add_host(connection, ours, email="c@example.com", timezone="UTC")

        async def token(user: Any = host, **given: Any) -> str:
            return await new_personal_token(connection, ours, user, name=str(given), **given)

        tokens = {
            "host": await token(),
            "other host": await token(colleague),
            "admin": company.token,
            "other company": other.token,
            "expired token": await token(expires_at=datetime.now(UTC) - timedelta(seconds=1)),
            "revoked token": await token(scopes=None),
            "key without user": company.api_key,
        }
        for groups in GROUPS:
            others = sorted({"scheduling", "crm", "account"} - set(groups))
            tokens[f"not {' or '.join(groups)}"] = await token(scopes=others)
        [revoked] = [one for one in await list_tokens(connection, ours) if one.name == "{'scopes': None}"]
        await revoke_token(connection, ours, revoked.id)
    async with open_pool(database_url, 2) as pool:
        caller = Desk(pool, company).caller_for(host)
        job = await start_job(pool, caller, BulkMove(appointment_ids=(uuid4(),)), [], datetime.now(UTC))
    return company, tokens, {"host": str(host), "other host": str(colleague), "jobId": str(job)}
