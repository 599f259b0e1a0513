"""The calls of the MCP clients and of the n8n node, as they make them, answered in shapes that pass their checks."""

import re
from typing import Any

import httpx
import msgspec
import pytest

from tests.api.root.crm import client_calls, client_calls_about_companies
from tests.api.root.crm import client_shapes as shapes
from tests.api.root.crm.conftest import Crm
from tests.support.desk import NOW


class Client:
    """Speaks as the official client does: a JSON content type on everything, arrays by repeated keys, no empty body."""

    def __init__(self, crm: Crm) -> None:
        self.http = crm.client
        self.headers = {
            "Authorization": f"Bearer {crm.token}",
            "Content-Type": "application/json",
            "User-Agent": "meetergo-mcp/1.0.0",
        }

    async def request(self, method: str, path: str, query: Any = None, body: Any = None) -> httpx.Response:
        content = None if body is None else msgspec.json.encode(body)
        return await self.http.request(method, path, params=query, content=content, headers=self.headers)


@pytest.fixture
async def ids(crm: Crm) -> dict[str, str]:
    company = await crm.company(domain="acme.example", industry="Software")
    contact = await crm.contact(crmCompanyId=company["id"], tags=["Lead"])
    pipeline = await crm.pipeline()
    deal = await crm.deal(contactId=contact["id"], crmCompanyId=company["id"], value=5)
    duplicate = await crm.deal(name="Big deal again")
    note = await crm.post("/crm/notes", content="x", contactId=contact["id"])
    mail = await crm.communication(type="email", contactId=contact["id"], subject="s")
    task = await crm.task(contactId=contact["id"], dueDate=NOW.isoformat())
    return {
        "contact": contact["id"],
        "company": company["id"],
        "pipeline": pipeline["id"],
        "stage": pipeline["stages"][0]["id"],
        "next": pipeline["stages"][1]["id"],
        "deal": deal["id"],
        "duplicate": duplicate["id"],
        "link": deal["contacts"][0]["id"],
        "note": note["id"],
        "mail": mail["id"],
        "task": task["id"],
        "me": crm.user_id,
    }


def with_ids(value: Any, ids: dict[str, str]) -> Any:
    text = re.sub(r"<(\w+)>", lambda found: ids[found[1]], msgspec.json.encode(value).decode())
    return msgspec.json.decode(text)


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "shape"),
    [pytest.param(*call[1:], id=call[0]) for call in (*client_calls.CALLS, *client_calls_about_companies.CALLS)],
)
async def test_a_clients_call_is_answered_in_the_shape_that_it_reads(
    crm: Crm, ids: dict[str, str], method: str, path: str, query: Any, body: Any, shape: Any
) -> None:
    path, query, body = with_ids([path, query, body], ids)
    answer = await Client(crm).request(method, path, query, body)
    assert answer.status_code in (200, 201, 204), answer.text
    if shape is None:
        assert answer.content == b""
    else:
        msgspec.json.decode(answer.content, type=shape)


async def test_an_error_has_the_message_that_clients_show(crm: Crm) -> None:
    client = Client(crm)
    wrong = (await client.request("POST", "/crm", body={"firstName": "x"})).json()
    assert wrong["message"] == ["email or phoneNumber is required"]
    unknown = (await client.request("GET", "/crm/deals/6f0e9d4e-4a86-4cf0-a8a3-3f0c43b7a8a1")).json()
    assert isinstance(unknown["message"], str)
    assert unknown["statusCode"] == 404


async def test_the_n8n_node_pages_through_all_contacts_and_stops(crm: Crm) -> None:
    """Its own loop: a constant page size from page 1, until a page is short or as many as ``total`` were seen."""
    await crm.post("/crm/bulk", contacts=[{"email": f"{n}@example.org"} for n in range(250)])
    seen: list[str] = []
    page = 1
    while True:
        answer = msgspec.json.decode(
            (await Client(crm).request("GET", "/crm", {"page": page, "limit": 100})).content, type=shapes.Contacts
        )
        new = [row.item.id for row in answer.result if row.item.id not in seen]
        assert new, "the node would stop with an error: a page was repeated"
        seen += new
        if len(answer.result) < 100 or len(seen) >= answer.total:
            break
        page += 1
    assert (len(seen), page) == (250, 3)


async def test_an_mcp_client_finds_duplicates_by_the_members_of_the_rows(crm: Crm) -> None:
    """It reads a row as the contact itself, and goes on until ``totalPages``."""
    for email in ("ann@example.org", "ann@example.com"):
        await crm.contact(email=email, phoneNumber="+49 30 1")
    rows = (await Client(crm).request("GET", "/crm", {"page": 1, "limit": 1000})).json()
    assert rows["totalPages"] == 1
    digits = [re.sub(r"\D", "", row["phoneNumber"]) for row in rows["result"]]
    assert digits == ["49301", "49301"]
    assert len({row["id"] for row in rows["result"]}) == 2
