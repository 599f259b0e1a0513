"""One of each thing in a company's CRM, for requests that are generated: by its collection in a path, and by member."""

from typing import Any

import httpx

LATER = "2037-12-01T09:00:00Z"


async def known_crm(client: httpx.AsyncClient) -> tuple[dict[str, str], dict[str, Any]]:
    """Ids for paths (under the word before ``{id}``, or the parameter's own name), and right values for members."""
    contact = (await _made(client, "", email="known@example.org"))["item"]["id"]
    company = (await _made(client, "/companies", name="Acme", domain="acme.example"))["id"]
    [pipeline] = (await client.get("/crm/pipelines")).json()
    spare = await _made(client, "/pipelines", name="Without deals")
    new_deal = {"name": "Deal", "pipelineId": pipeline["id"], "stageId": pipeline["stages"][0]["id"]}
    deal, duplicate = (
        await _made(client, "/deals", **new_deal, contactId=contact),
        await _made(client, "/deals", **new_deal),
    )
    note = await _made(client, "/notes", content="x", contactId=contact)
    mail = await _made(
        client, "/communications", type="email", direction="inbound", body="x", occurredAt=LATER, contactId=contact
    )
    task = await _made(client, "/tasks", title="x", type="todo", dueDate=LATER)
    ids = {
        **dict.fromkeys(("crm", "contacts"), contact),
        **dict.fromkeys(("companies", "by-company"), company),
        **dict.fromkeys(("communications", "emails"), mail["id"]),
        "pipelines": spare["id"],
        "stageId": spare["stages"][0]["id"],
        "deals": deal["id"],
        "dealContactId": deal["contacts"][0]["id"],
        "notes": note["id"],
        "tasks": task["id"],
        "domain": "acme.example",
    }
    members = {
        "email": "another@example.org",
        "contactId": contact,
        "crmCompanyId": company,
        "dealId": deal["id"],
        **new_deal,
        **dict.fromkeys(("wonStageId", "lostStageId", "moveToStageId", "customFields", "cursor")),
        **dict.fromkeys(("occurredAt", "dueDate", "reminderAt", "expectedCloseDate"), LATER),
        "stageIds": [stage["id"] for stage in spare["stages"]],
        "contactIds": [contact],
        "duplicateDealIds": [duplicate["id"]],
        "contacts": [{"contactId": contact, "email": "row@example.org"}],
        "rows": [{"email": "row@example.org"}],
        "ownerId": None,
        "accountOwnerId": None,
        "assigneeId": None,
    }
    return ids, members


async def _made(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(f"/crm{path}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()
