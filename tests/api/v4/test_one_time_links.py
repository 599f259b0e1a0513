"""One-time links over HTTP (meetergo-v4-api.md 2.10): made without a body, listed, revoked, opened."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
import pytest

from slotkeeper.accounts.bootstrap import bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault
from tests.api.conftest import bearer
from tests.api.v4.conftest import Api
from tests.api.v4.meeting_type_shapes import LinkShape
from tests.support.desk import NOW, Desk

LINKS = "/v4/one-time-booking-link"
JSON = {"Content-Type": "application/json"}


def path(api: Api) -> str:
    return f"{LINKS}/create/{api.company.meeting_type_id}"


async def make(api: Api, **members: object) -> LinkShape:
    answer = await api.client.post(path(api), json=members)
    assert answer.status_code == 201, answer.text
    return msgspec.json.decode(answer.content, type=LinkShape)


@pytest.mark.parametrize("body", [b"", b"{}", b"null"], ids=["no body", "an empty object", "null"])
async def test_a_link_is_made_without_telling_anything(api: Api, body: bytes) -> None:
    answer = await api.client.post(path(api), content=body, headers=JSON)
    link = msgspec.json.decode(answer.content, type=LinkShape)
    assert (answer.status_code, link.url) == (201, link.link)
    assert link.url.endswith(link.token)
    assert (link.used_at, link.expires_at, link.created_at) == (None, None, NOW)


async def test_a_link_may_expire(api: Api) -> None:
    soon = NOW + timedelta(hours=1)
    assert (await make(api, expiresAt=soon.isoformat())).expires_at == soon
    past = await api.client.post(path(api), json={"expiresAt": NOW.isoformat()})
    assert (past.status_code, past.json()["errors"]) == (400, [{"field": "expiresAt", "message": "must lie ahead"}])


async def test_links_are_listed_without_what_opens_them_and_revoked(api: Api) -> None:
    first, second = await make(api), await make(api)
    query = {"meetingTypeId": str(api.company.meeting_type_id)}
    listed = await api.client.get(LINKS, params=query)
    assert {link["id"] for link in listed.json()} == {str(first.id), str(second.id)}
    assert first.token not in listed.text
    gone = await api.client.delete(f"{LINKS}/{first.id}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert [link["id"] for link in (await api.client.get(LINKS, params=query)).json()] == [str(second.id)]
    assert (await api.client.delete(f"{LINKS}/{first.id}")).status_code == 404


async def test_a_link_leads_to_the_page_even_after_its_address_changed(api: Api, desk: Desk) -> None:
    link = await make(api)
    await api.client.patch(f"/v4/meeting-type/{api.company.meeting_type_id}", json={"slug": "renamed"})
    opened = await api.client.get(urlsplit(link.url).path, headers={"authorization": ""})
    [[user]] = await desk.rows("SELECT slug FROM users WHERE company_id = %(company_id)s")
    assert opened.status_code == 302
    assert opened.headers["location"].endswith(f"/{user}/renamed?oneTimeLink={link.token}")
    assert opened.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "why", ["unknown", "revoked", "expired", "used", "its type was deleted", "its type is disabled"]
)
async def test_a_link_that_cannot_be_used_does_not_open(api: Api, desk: Desk, why: str) -> None:
    link = await make(api)
    one = f"/v4/meeting-type/{api.company.meeting_type_id}"
    if why == "revoked":
        await api.client.delete(f"{LINKS}/{link.id}")
    elif why == "its type was deleted":
        await api.client.delete(one)
    elif why == "its type is disabled":
        await api.client.patch(one, json={"enabled": False})
    elif why in ("expired", "used"):
        column = {"expired": "expires_at", "used": "used_at"}[why]
        await desk.execute(f"UPDATE one_time_links SET {column} = %(now)s WHERE company_id = %(company_id)s", now=NOW)
    path = "/o/unknown" if why == "unknown" else urlsplit(link.url).path
    opened = await api.client.get(path, headers={"accept": "text/html"})
    told = {"expired": "This link has expired", "used": "This link has been used"}
    assert told.get(why, "This link leads nowhere") in opened.text
    assert opened.status_code == (409 if why in told else 404)


async def test_only_the_types_owner_and_admins_have_to_do_with_its_links(
    api: Api, desk: Desk, connection: Connection
) -> None:
    link = await make(api)
    colleague = await desk.add_host()
    headers = bearer(await new_personal_token(connection, api.company.company_id, colleague, name="colleague"))
    query = {"meetingTypeId": str(api.company.meeting_type_id)}
    answers = [
        await api.client.post(path(api), headers=headers),
        await api.client.get(LINKS, params=query, headers=headers),
        await api.client.delete(f"{LINKS}/{link.id}", headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3


async def test_another_companys_type_and_link_look_like_unknown_ones(
    api: Api, connection: Connection, vault: Vault
) -> None:
    link = await make(api)
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    api.client.headers.update(bearer(other.token))
    for theirs, unknown in ((api.company.meeting_type_id, uuid4()), (link.id, uuid4())):
        answers = [
            (
                await api.client.post(f"{LINKS}/create/{some}"),
                await api.client.get(LINKS, params={"meetingTypeId": str(some)}),
                await api.client.delete(f"{LINKS}/{some}"),
            )
            for some in (theirs, unknown)
        ]
        shapes = [[{**a.json(), "instance": "", "detail": "", "message": ""} for a in row] for row in answers]
        assert {answer.status_code for row in answers for answer in row} == {404}
        assert shapes[0] == shapes[1]
