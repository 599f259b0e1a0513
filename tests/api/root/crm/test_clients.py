"""The calls of the MCP clients and of the n8n node, as they make them, answered in shapes that pass their checks."""

import re
from typing import Any

import httpx
import msgspec
import pytest

from tests.api.root.crm import client_shapes as shapes
from tests.api.root.crm.conftest import Crm
from tests.support.desk import NOW

WHEN = "2037-12-01T09:00:00.000Z"


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


CALLS: list[tuple[str, str, str, Any, Any, Any]] = [
    (
        "search_contacts",
        "GET",
        "/crm",
        {"searchTerm": "ann", "tags": ["Lead", "x"], "limit": 100},
        None,
        shapes.Contacts,
    ),
    ("find_duplicate_contacts", "GET", "/crm", {"page": 1, "limit": 1000}, None, shapes.Contacts),
    ("get_contact", "GET", "/crm/details", {"contactId": "<contact>"}, None, shapes.Details),
    ("create_contact", "POST", "/crm", None, {"email": "new@example.org", "tags": ["a"]}, shapes.Item),
    ("n8n create", "POST", "/crm", None, {"firstName": "N", "notes": "x", "email": "n8n@example.org"}, shapes.Item),
    ("update_contact", "PATCH", "/crm/<contact>", None, {"crmCompanyId": None, "title": "CEO"}, shapes.Contact),
    ("delete_contact", "DELETE", "/crm/<contact>", None, None, None),
    ("bulk_create_contacts", "POST", "/crm/bulk", None, {"contacts": [{"email": "b@x.org"}]}, shapes.Imported),
    ("bulk_delete_contacts", "POST", "/crm/bulk-delete", None, {"contactIds": ["<contact>"]}, shapes.Deleted),
    (
        "get_contact_timeline",
        "GET",
        "/crm/contacts/<contact>/activity",
        {"types": ["note", "task"]},
        None,
        shapes.Timeline,
    ),
    ("get_contact_emails", "GET", "/crm/contacts/<contact>/emails", {"limit": 10, "offset": 0}, None, shapes.Emails),
    ("get_deal_emails", "GET", "/crm/deals/<deal>/emails", None, None, shapes.Emails),
    ("get_email_body", "GET", "/crm/emails/<mail>/body", None, None, shapes.EmailBody),
    ("get_email_send_capability", "GET", "/crm/emails/send-capability", None, None, shapes.Capability),
    ("list_pipelines", "GET", "/crm/pipelines", None, None, list[shapes.Pipeline]),
    ("create_pipeline", "POST", "/crm/pipelines", None, {"name": "P"}, shapes.Pipeline),
    ("update_pipeline", "PATCH", "/crm/pipelines/<pipeline>", None, {"isDefault": True}, shapes.Pipeline),
    (
        "add_pipeline_stage",
        "POST",
        "/crm/pipelines/<pipeline>/stages",
        None,
        {"name": "S", "color": "#fff"},
        shapes.Stage,
    ),
    (
        "update_pipeline_stage",
        "PATCH",
        "/crm/pipelines/<pipeline>/stages/<stage>",
        None,
        {"salesMilestone": "offer", "winProbability": 50},
        shapes.Stage,
    ),
    (
        "delete_pipeline_stage",
        "DELETE",
        "/crm/pipelines/<pipeline>/stages/<stage>",
        {"moveToStageId": "<next>"},
        None,
        None,
    ),
    ("list_deals", "GET", "/crm/deals", {"search": "big", "isOpen": "true", "page": 1}, None, shapes.Deals),
    ("get_deal", "GET", "/crm/deals/<deal>", None, None, shapes.Deal),
    (
        "create_deal",
        "POST",
        "/crm/deals",
        None,
        {
            "name": "D",
            "pipelineId": "<pipeline>",
            "stageId": "<stage>",
            "value": 9.5,
            "expectedCloseDate": "2038-01-01",
            "ownerId": None,
            "contacts": [{"contactId": "<contact>", "role": "influencer"}],
        },
        shapes.Deal,
    ),
    ("update_deal", "PATCH", "/crm/deals/<deal>", None, {"stageId": "<next>", "contactId": None}, shapes.Deal),
    (
        "add_deal_contact",
        "POST",
        "/crm/deals/<duplicate>/contacts",
        None,
        {"contactId": "<contact>"},
        shapes.DealContact,
    ),
    ("update_deal_contact", "PATCH", "/crm/deals/<deal>/contacts/<link>", None, {"role": "user"}, shapes.DealContact),
    ("remove_deal_contact", "DELETE", "/crm/deals/<deal>/contacts/<link>", None, None, None),
    ("delete_deal", "DELETE", "/crm/deals/<deal>", None, None, None),
    ("mark_deal_won", "PATCH", "/crm/deals/<deal>/won", None, {}, shapes.Deal),
    ("mark_deal_lost", "PATCH", "/crm/deals/<deal>/lost", None, {"lostReason": "own"}, shapes.Deal),
    ("reopen_deal", "PATCH", "/crm/deals/<deal>/reopen", None, {}, shapes.Deal),
    ("get_deal_activity", "GET", "/crm/deals/<deal>/activity", {"limit": 50}, None, list[shapes.DealActivity]),
    ("get_deal_appointments", "GET", "/crm/deals/<deal>/appointments", None, None, list[shapes.Record]),
    ("get_deal_summary", "GET", "/crm/deals/summary", {"ownerId": "<me>"}, None, shapes.DealSummary),
    ("get_deal_limits", "GET", "/crm/deals/limits", None, None, shapes.Limits),
    ("find_duplicate_deals", "GET", "/crm/deals/<deal>/duplicate-candidates", None, None, list[shapes.Record]),
    ("get_deal_contact_suggestions", "GET", "/crm/deals/<deal>/contact-suggestions", None, None, list[shapes.Record]),
    ("merge_deals", "POST", "/crm/deals/<deal>/merge", None, {"duplicateDealIds": ["<duplicate>"]}, shapes.Merged),
    (
        "bulk_import_deals",
        "POST",
        "/crm/deals/bulk-import",
        None,
        {"rows": [{"email": "i@x.org", "dealValue": 1}], "pipelineId": "<pipeline>", "stageId": "<stage>"},
        shapes.ImportedDeals,
    ),
    ("list_companies", "GET", "/crm/companies", {"industry": "Software", "page": 1}, None, shapes.Companies),
    ("get_company", "GET", "/crm/companies/<company>", None, None, shapes.Company),
    ("create_company", "POST", "/crm/companies", None, {"name": "C", "size": "1001+"}, shapes.Company),
    ("update_company", "PATCH", "/crm/companies/<company>", None, {"customFields": {"a": None}}, shapes.Company),
    ("delete_company", "DELETE", "/crm/companies/<company>", None, None, None),
    ("get_company_by_domain", "GET", "/crm/companies/by-domain/acme.example", None, None, shapes.Company),
    ("get_company_contacts", "GET", "/crm/companies/<company>/contacts", None, None, list[shapes.Contact]),
    ("get_company_deals", "GET", "/crm/companies/<company>/deals", None, None, list[shapes.Deal]),
    ("get_company_summary", "GET", "/crm/companies/summary", None, None, shapes.CompanySummary),
    (
        "get_custom_field_definitions",
        "GET",
        "/crm/settings/custom-fields",
        {"recordType": "company"},
        None,
        shapes.CustomFields,
    ),
    (
        "update_custom_field_definitions",
        "PUT",
        "/crm/settings/custom-fields",
        {"recordType": "deal"},
        {"fields": [{"id": "1", "key": "k", "label": "L", "type": "text", "required": False, "order": 0}]},
        shapes.CustomFields,
    ),
    ("get_lost_reasons", "GET", "/crm/settings/lost-reasons", None, None, shapes.LostReasons),
    (
        "update_lost_reasons",
        "PUT",
        "/crm/settings/lost-reasons",
        None,
        {"reasons": [{"key": "price"}], "required": False},
        shapes.LostReasons,
    ),
    (
        "get_company_meeting_history",
        "GET",
        "/crm/companies/<company>/meeting-history",
        None,
        None,
        shapes.MeetingHistory,
    ),
    ("list_communications", "GET", "/crm/communications", {"contactId": "<contact>"}, None, list[shapes.Communication]),
    (
        "list_communications of a deal",
        "GET",
        "/crm/deals/<deal>/communications",
        None,
        None,
        list[shapes.Communication],
    ),
    (
        "create_communication",
        "POST",
        "/crm/communications",
        None,
        {"type": "call", "direction": "inbound", "body": "x", "occurredAt": WHEN, "dealId": "<deal>"},
        shapes.Communication,
    ),
    ("update_communication", "PATCH", "/crm/communications/<mail>", None, {"body": "y"}, shapes.Communication),
    ("delete_communication", "DELETE", "/crm/communications/<mail>", None, None, None),
    ("list_notes", "GET", "/crm/contacts/<contact>/notes", None, None, list[shapes.Note]),
    ("list_notes of a company", "GET", "/crm/companies/<company>/notes", None, None, list[shapes.Note]),
    ("create_note", "POST", "/crm/notes", None, {"content": "x", "crmCompanyId": "<company>"}, shapes.Note),
    ("update_note", "PATCH", "/crm/notes/<note>", None, {"isPinned": True}, shapes.Note),
    ("delete_note", "DELETE", "/crm/notes/<note>", None, None, None),
    ("list_attachments", "GET", "/crm/companies/<company>/attachments", None, None, list[shapes.Record]),
    ("list_tasks", "GET", "/crm/tasks", {"page": 1, "limit": 20}, None, shapes.Tasks),
    ("get_task", "GET", "/crm/tasks/<task>", None, None, shapes.Task),
    ("get_task_summary", "GET", "/crm/tasks/summary", None, None, shapes.TaskSummary),
    ("list_overdue_tasks", "GET", "/crm/tasks/overdue", None, None, list[shapes.Task]),
    ("list_upcoming_tasks", "GET", "/crm/tasks/upcoming", {"days": 3}, None, list[shapes.Task]),
    ("list_company_tasks", "GET", "/crm/tasks/by-company/<company>", None, None, list[shapes.Task]),
    (
        "create_task",
        "POST",
        "/crm/tasks",
        None,
        {"title": "T", "type": "follow_up", "dueDate": WHEN, "contactId": "<contact>"},
        shapes.Task,
    ),
    ("update_task", "PATCH", "/crm/tasks/<task>", None, {"priority": "low", "dealId": None}, shapes.Task),
    ("complete_task", "PATCH", "/crm/tasks/<task>/complete", None, None, shapes.Task),
    ("uncomplete_task", "PATCH", "/crm/tasks/<task>/uncomplete", None, None, shapes.Task),
    ("delete_task", "DELETE", "/crm/tasks/<task>", None, None, None),
]


def with_ids(value: Any, ids: dict[str, str]) -> Any:
    text = re.sub(r"<(\w+)>", lambda found: ids[found[1]], msgspec.json.encode(value).decode())
    return msgspec.json.decode(text)


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "shape"), [pytest.param(*call[1:], id=call[0]) for call in CALLS]
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
