"""A company's CRM, as one of its users calls it over HTTP at ``NOW``."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault
from tests.api.conftest import Opened, bearer
from tests.support.desk import NOW


class Crm:
    def __init__(self, client: httpx.AsyncClient, token: str, user_id: UUID) -> None:
        self.client = client
        self.token = token
        self.user_id = str(user_id)

    async def ask(self, method: str, path: str, body: Any = None, **given: Any) -> httpx.Response:
        return await self.client.request(method, path, json=body, headers=bearer(self.token), **given)

    async def get(self, path: str, **query: Any) -> Any:
        return await self._done("GET", path, 200, params=query)

    async def post(self, path: str, expected: int = 201, /, **body: Any) -> Any:
        return await self._done("POST", path, expected, body)

    async def patch(self, path: str, **body: Any) -> Any:
        return await self._done("PATCH", path, 200, body)

    async def put(self, path: str, **body: Any) -> Any:
        return await self._done("PUT", path, 200, body)

    async def delete(self, path: str) -> None:
        await self._done("DELETE", path, 204)

    async def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str, list[str]]:
        """Status, code and the fields at fault."""
        answer = await self.ask(method, path, body)
        problem = answer.json()
        return answer.status_code, problem["errorCode"], [error["field"] for error in problem.get("errors", ())]

    async def contact(self, **fields: Any) -> Any:
        return (await self.post("/crm", **{"email": "ann@example.org", "firstName": "Ann", **fields}))["item"]

    async def company(self, **fields: Any) -> Any:
        return await self.post("/crm/companies", **{"name": "Acme", **fields})

    async def pipeline(self) -> Any:
        return (await self.get("/crm/pipelines"))[0]

    async def stages(self) -> dict[str, str]:
        return {stage["name"]: stage["id"] for stage in (await self.pipeline())["stages"]}

    async def deal(self, stage: str = "Lead", **fields: Any) -> Any:
        pipeline = await self.pipeline()
        ids = {one["name"]: one["id"] for one in pipeline["stages"]}
        body = {"name": "Big deal", "pipelineId": pipeline["id"], "stageId": ids[stage], **fields}
        return await self.post("/crm/deals", **body)

    async def task(self, **fields: Any) -> Any:
        return await self.post("/crm/tasks", **{"title": "Call", "type": "call", "dueDate": NOW.isoformat(), **fields})

    async def communication(self, **fields: Any) -> Any:
        given = {"type": "call", "direction": "outbound", "body": "Hello", "occurredAt": NOW.isoformat(), **fields}
        return await self.post("/crm/communications", **given)

    async def _done(self, method: str, path: str, expected: int, body: Any = None, **given: Any) -> Any:
        answer = await self.ask(method, path, body, **given)
        assert answer.status_code == expected, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
async def app(opened: Opened) -> httpx.AsyncClient:
    return await opened(clock=lambda: NOW)


@pytest.fixture
def crm(app: httpx.AsyncClient, company: Bootstrapped) -> Crm:
    return Crm(app, company.token, company.user_id)


@pytest.fixture
async def member(app: httpx.AsyncClient, connection: Connection, company: Bootstrapped) -> Crm:
    """A user of the same company who is no admin."""
    user_id = await add_host(connection, company.company_id, email="member@example.com", timezone="UTC", name="Mia M")
    return Crm(app, await new_personal_token(connection, company.company_id, user_id, name="member"), user_id)


@pytest.fixture
async def stranger(app: httpx.AsyncClient, connection: Connection, vault: Vault) -> Crm:
    """The admin of another company."""
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    return Crm(app, other.token, other.user_id)
