from typing import Any
from uuid import uuid4

import pytest

from tests.api.root.crm.conftest import Crm
from tests.side_effects.conftest import mail_server, office, webhook_receiver
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office

__all__ = ["mail_server", "office", "webhook_receiver"]

WHOLE = {
    "name": "Acme",
    "domain": "acme.com",
    "industry": "Software",
    "size": "11-50",
    "website": "https://acme.com",
    "phoneNumber": "+49 30 1",
    "notes": "Old customer",
    "customFields": {"tier": "gold"},
}
ADDRESS = {"line1": "Street 1", "line2": None, "city": "Berlin", "zip": "10115", "country": "DE"}


async def test_a_company_is_kept_as_it_was_given(crm: Crm) -> None:
    parts = {f"address{name[0].upper()}{name[1:]}": value for name, value in ADDRESS.items()}
    created = await crm.company(**WHOLE, **parts)
    assert {name: created[name] for name in WHOLE} == WHOLE
    assert created["address"] == ADDRESS
    assert (created["ownerId"], created["contactsCount"], created["dealsCount"]) == (crm.user_id, 0, 0)
    assert await crm.get(f"/crm/companies/{created['id']}") == created


@pytest.mark.parametrize(
    ("patch", "changed"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"name": "Acme Inc", "size": "1001+"}, {"name": "Acme Inc", "size": "1001+"}, id="two fields"),
        pytest.param({"industry": None, "notes": ""}, {"industry": None, "notes": None}, id="null and empty clear"),
        pytest.param({"ownerId": None}, {"ownerId": None, "owner": None}, id="nobody owns it"),
        pytest.param(
            {"customFields": {"tier": None, "x": 1}}, {"customFields": {"x": 1}}, id="custom fields are merged"
        ),
        pytest.param({"addressCity": "Bonn"}, {"address": {**dict.fromkeys(ADDRESS), "city": "Bonn"}}, id="a city"),
    ],
)
async def test_a_patch_changes_what_it_gives_and_nothing_else(
    crm: Crm, patch: dict[str, Any], changed: dict[str, Any]
) -> None:
    created = await crm.company(**WHOLE)
    patched = await crm.patch(f"/crm/companies/{created['id']}", **patch)
    assert {**patched, "updatedAt": None} == {**created, **changed, "updatedAt": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "A", "size": "12"}, "size"),
        ({"name": "A", "ownerId": str(uuid4())}, "ownerId"),
        ({"name": "A", "customFields": 1}, "customFields"),
    ],
)
async def test_what_is_no_company_is_refused_with_its_field(crm: Crm, body: dict[str, Any], field: str) -> None:
    assert await crm.refused("POST", "/crm/companies", body) == (400, "malformed-request", [field])


@pytest.mark.parametrize("written", ["acme.com", "WWW.Acme.com", "https://www.acme.com/about?x=1", "http://acme.com"])
async def test_a_company_is_found_by_its_domain_however_it_is_written(crm: Crm, written: str) -> None:
    created = await crm.company(domain=written)
    assert created["domain"] == "acme.com"
    for asked in ("acme.com", "www.ACME.com"):
        assert (await crm.get(f"/crm/companies/by-domain/{asked}"))["id"] == created["id"]
    assert (await crm.refused("GET", "/crm/companies/by-domain/other.com"))[0] == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param({}, "Acme Beta Coda", id="all"),
        pytest.param({"search": "ACM"}, "Acme", id="a part of the name"),
        pytest.param({"search": "gmbh"}, "Beta Coda", id="a word"),
        pytest.param({"industry": "software"}, "Acme Beta", id="an industry in any case"),
        pytest.param({"size": "1-10"}, "Coda", id="a size"),
        pytest.param({"ownerId": "mia"}, "Beta", id="an owner"),
        pytest.param({"sortBy": "name", "sortOrder": "DESC"}, "Coda Beta Acme", id="sorted"),
    ],
)
async def test_companies_are_found(crm: Crm, member: Crm, query: dict[str, str], names: str) -> None:
    await crm.company(industry="Software", size="11-50")
    await member.company(name="Beta GmbH", industry="software")
    await crm.company(name="Coda GmbH", size="1-10")
    known = {name: member.user_id if value == "mia" else value for name, value in query.items()}
    found = await crm.get("/crm/companies", **{"sortOrder": "ASC", **known})
    assert [company["name"].split()[0] for company in found["companies"]] == names.split()
    assert found["total"] == len(names.split())


async def test_a_deleted_company_leaves_its_contacts_and_deals_without_it(crm: Crm) -> None:
    company = await crm.company()
    contact = await crm.contact(crmCompanyId=company["id"])
    deal = await crm.deal(crmCompanyId=company["id"])
    task = await crm.task(crmCompanyId=company["id"])
    await crm.delete(f"/crm/companies/{company['id']}")
    assert (await crm.get("/crm/details", contactId=contact["id"]))["item"]["crmCompanyId"] is None
    shown = await crm.get(f"/crm/deals/{deal['id']}")
    assert (shown["crmCompanyId"], shown["crmCompany"]) == (None, None)
    assert (await crm.get(f"/crm/tasks/{task['id']}"))["crmCompanyId"] is None
    assert (await crm.get("/crm/companies"))["total"] == 0
    for path in ("", "/contacts", "/deals", "/notes", "/attachments", "/meeting-history"):
        assert (await crm.refused("GET", f"/crm/companies/{company['id']}{path}"))[0] == 404


async def test_a_company_has_its_contacts_deals_and_tasks(crm: Crm) -> None:
    company = await crm.company()
    contact = await crm.contact(crmCompanyId=company["id"])
    deal = await crm.deal(crmCompanyId=company["id"], value=5)
    task = await crm.task(crmCompanyId=company["id"])
    await crm.contact(email="bob@example.org")
    path = f"/crm/companies/{company['id']}"
    assert await crm.get(f"{path}/contacts") == [contact]
    assert await crm.get(f"{path}/deals") == [deal]
    assert [one["id"] for one in await crm.get(f"/crm/tasks/by-company/{company['id']}")] == [task["id"]]
    assert await crm.get(f"{path}/attachments") == []
    shown = await crm.get(path)
    assert (shown["contactsCount"], shown["dealsCount"], shown["totalDealsValue"]) == (1, 1, 5)


async def test_a_summary_counts_by_industry_and_size(crm: Crm, member: Crm) -> None:
    company = await crm.company(industry="Software", size="11-50")
    await member.company(name="Beta", industry="Software")
    await crm.deal(crmCompanyId=company["id"], value=5)
    summary = await crm.get("/crm/companies/summary")
    assert summary == {
        "totalCompanies": 2,
        "totalDealsValue": 5,
        "companiesWithDeals": 1,
        "byIndustry": [{"industry": "Software", "count": 2}],
        "bySize": [{"size": "11-50", "count": 1}, {"size": None, "count": 1}],
    }
    assert (await crm.get("/crm/companies/summary", ownerId=member.user_id))["totalCompanies"] == 1


async def test_a_companys_meetings_are_those_of_its_contacts_that_took_place(crm: Crm, office: Office) -> None:
    company = await crm.company()
    await crm.contact(crmCompanyId=company["id"])
    path = f"/crm/companies/{company['id']}/meeting-history"
    nothing = {"meetings": 0, "people": 0, "firstMeetingAt": None, "lastMeetingAt": None}
    assert await crm.get(path) == nothing
    for n in range(3):
        last = await office.book(MONDAY + minutes(60 * n))
    await office.cancel(last.id)
    await office.book(MONDAY + minutes(240), attendee=office.attendee(email="bob@example.org"))
    await office.work()
    history = await crm.get(path)
    assert (history["meetings"], history["people"]) == (2, 1)
    assert history["firstMeetingAt"] < history["lastMeetingAt"]
