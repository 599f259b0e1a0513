"""What an attendee does with the link that they were mailed: without a token."""

from typing import Any

import httpx

from tests.api.v4.conftest import Api
from tests.support.desk import MONDAY


class Link:
    """``secret`` is the attendee's; ``history`` is what a host reads."""

    def __init__(self, api: Api, appointment: str, secret: str) -> None:
        self.api = api
        self.appointment = appointment
        self.secret = secret

    async def ask(self, method: str, path: str = "", secret: str | None = None, **given: Any) -> httpx.Response:
        address = f"/v4/appointment/by-secret/{secret or self.secret}{path}"
        headers = {"authorization": "", **given.pop("headers", {})}
        request = self.api.client.build_request(method, address, headers=headers, **given)
        del request.headers["authorization"]
        return await self.api.client.send(request)

    async def see(self) -> Any:
        answer = await self.ask("GET")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def free(self, since: str = "2037-12-07", until: str = "2037-12-07", **query: str) -> list[str]:
        answer = await self.ask("GET", "/free-times", params={"start": since, "end": until, **query})
        assert answer.status_code == 200, answer.text
        return [spot["startTime"] for day in answer.json()["dates"] for spot in day["spots"]]

    async def move(self, start: str, headers: dict[str, str] | None = None, **body: object) -> httpx.Response:
        return await self.ask("POST", "/reschedule", json={"start": start, **body}, headers=headers or {})

    async def cancel(self, headers: dict[str, str] | None = None, **body: object) -> httpx.Response:
        return await self.ask("POST", "/cancel", json=body, headers=headers or {})

    async def history(self) -> list[Any]:
        answer = await self.api.client.get(f"/v4/appointment/{self.appointment}/history")
        changes: list[Any] = answer.json()["changes"]
        return changes


async def booked(api: Api, start: str = MONDAY.isoformat(), email: str = "ann@example.org", **fields: object) -> Link:
    appointment = await api.book(start, attendee={"email": email}, **fields)
    shown = (await api.client.get(f"/v4/appointment/{appointment}")).json()
    [secret] = [each["secret"] for each in shown["attendees"] if each["email"] == email]
    return Link(api, appointment, secret)
