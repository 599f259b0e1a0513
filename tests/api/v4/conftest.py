import httpx
import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection
from tests.api.conftest import Opened, bearer
from tests.support.desk import MONDAY, NOW, Desk


class Api:
    """The API as the company's admin calls it, at ``NOW``."""

    def __init__(self, client: httpx.AsyncClient, company: Bootstrapped) -> None:
        self.client = client
        self.company = company
        self.client.headers.update(bearer(company.token))

    async def book(self, start: str = MONDAY.isoformat(), **fields: object) -> str:
        attendee = {"email": "ann@example.org", "fullname": "Ann Example", "notes": {}, "receiveReminders": True}
        body = {"meetingTypeId": str(self.company.meeting_type_id), "start": start, "attendee": attendee, **fields}
        answer = await self.client.post("/v4/booking", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["appointmentId"])

    async def move(
        self, appointment: str, start: str, headers: dict[str, str] | None = None, **fields: object
    ) -> httpx.Response:
        body = {"start": start, "ignoreAvailability": False, **fields}
        return await self.client.post(f"/v4/appointment/{appointment}/reschedule", json=body, headers=headers)


@pytest.fixture
async def api(opened: Opened, company: Bootstrapped) -> Api:
    return Api(await opened(clock=lambda: NOW), company)


@pytest.fixture
def desk(pool: "AsyncConnectionPool[Connection]", company: Bootstrapped) -> Desk:
    return Desk(pool, company)
