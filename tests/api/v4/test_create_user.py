from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, bootstrap
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault

from ..conftest import Opened, bearer
from ..issuer import AUDIENCE, LocalIssuer, local_issuer
from .test_users import NEW, created, member, of, platform

__all__ = ["member", "platform"]  # fixtures

EVENING = {"start": "18:00", "end": "20:00"}


async def test_a_platform_user_can_be_booked_at_once(
    platform: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    made = await created(platform)
    assert made == {
        "userId": made["userId"],
        "availabilityId": made["availabilityId"],
        "defaultAvailabilityId": made["availabilityId"],
        "meetingTypeId": None,
        "bookingUrl": f"http://127.0.0.1:8000/anna-gross-{made['userId'][:6]}",
        "companyId": str(company.company_id),
    }
    assert len(await of(connection, "SELECT FROM host_calendars WHERE host_id = %(id)s", made["userId"])) == 1
    [user] = (await platform.get("/v4/user", params={"userType": "api-platform"})).json()["users"]
    assert {name: user[name] for name in NEW} == NEW
    assert (user["fullName"], user["language"], user["isAdmin"]) == ("Anna Groß", "en", False)

    headers = bearer(company.api_key, made["userId"])
    [hours] = (await platform.get("/availability", headers=headers)).json()
    assert (hours["id"], hours["timezone"], hours["isDefault"]) == (made["availabilityId"], "Europe/Vienna", True)
    assert [hours["schedule"][day]["enabled"] for day in ("monday", "friday", "sunday")] == [True, True, False]


WHOLE = {
    **NEW,
    "slug": "anna",
    "language": "de",
    "title": "Dr.",
    "userType": "partner",
    "availability": {
        "name": "Evenings",
        "timezone": "UTC",
        "schedule": {"monday": {"enabled": True, "hours": [EVENING]}},
    },
    "meetingType": {
        "name": "Erstgespräch",
        "duration": 45,
        "daysIntoFuture": {"mode": "limit", "bookingLimit": 43200, "countMode": "calendar"},
    },
}


def as_json(body: dict[str, Any]) -> dict[str, Any]:
    return {"json": body}


def as_form(body: dict[str, Any]) -> dict[str, Any]:
    """Nested members as JSON, as the API's pages say; and a file, which is ignored."""
    texts = {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode() for name, value in body.items()
    }
    fields = {name: (None, text) for name, text in texts.items()}
    picture = ("me.png", b"\x89PNG" * 30_000, "image/png")
    return {"files": {**fields, "picture": picture, "unknown": (None, "x")}}


@pytest.mark.parametrize("request_of", [as_json, as_form])
async def test_a_user_is_created_with_hours_and_a_meeting_type_from_json_or_a_form(
    platform: httpx.AsyncClient, company: Bootstrapped, request_of: Any
) -> None:
    answer = await platform.post("/v4/user", **request_of(WHOLE))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["bookingUrl"] == "http://127.0.0.1:8000/anna/erstgesprach"

    headers = bearer(company.api_key, made["userId"])
    me = (await platform.get("/v4/user/me", headers=headers)).json()
    assert [me[name] for name in ("slug", "language", "title", "userType")] == ["anna", "de", "Dr.", "partner"]
    [hours] = (await platform.get("/availability", headers=headers)).json()
    assert [hours[name] for name in ("id", "name", "timezone")] == [made["availabilityId"], "Evenings", "UTC"]
    assert hours["schedule"]["monday"] == {"enabled": True, "hours": [EVENING]}
    [kind] = (await platform.get("/v4/meeting-type", headers=headers)).json()
    assert (kind["id"], kind["slug"], kind["userId"]) == (made["meetingTypeId"], "erstgesprach", made["userId"])
    info = kind["meetingInfo"]
    assert [info[name] for name in ("name", "duration", "channel")] == ["Erstgespräch", 45, "phone"]
    assert kind["daysIntoFuture"]["bookingLimit"] == 43200


@pytest.mark.parametrize(
    ("members", "field"),
    [
        pytest.param({"email": None}, "email", id="no address"),
        pytest.param({"email": "anna"}, "email", id="no address at all"),
        pytest.param({"email": "anna@example.com\n"}, "email", id="an address with a newline"),
        pytest.param({"givenName": ""}, "givenName", id="an empty name"),
        pytest.param({"timezone": "Europe/Nowhere"}, "timezone", id="an unknown zone"),
        pytest.param({"slug": "a b"}, "slug", id="a slug with a space"),
        pytest.param({"slug": "../up"}, "slug", id="a slug that leads elsewhere"),
        pytest.param({"slug": "anna\n"}, "slug", id="a slug with a newline"),
        pytest.param({"language": "xx"}, "language", id="an unknown language"),
        pytest.param({"userType": "robot"}, "userType", id="an unknown type"),
        pytest.param({"availability": {"timezone": "Nowhere"}}, "availability.timezone", id="hours in no zone"),
        pytest.param(
            {"availability": {"schedule": {"monday": {"hours": [{"start": "09:00", "end": "09:00"}]}}}},
            "availability.schedule.monday.hours[0].end",
            id="hours that end as they start",
        ),
        pytest.param({"meetingType": {"duration": 30}}, "meetingType.name", id="a meeting type without a name"),
        pytest.param({"meetingType": {"name": "x", "duration": 1}}, "meetingType.duration", id="a minute's meeting"),
        pytest.param(
            {"meetingType": {"name": "x", "daysIntoFuture": {"mode": "range", "rangeMin": "soon"}}},
            "meetingType.daysIntoFuture.rangeMin",
            id="a window from no date",
        ),
    ],
)
@pytest.mark.parametrize("request_of", [as_json, as_form])
async def test_what_is_wrong_is_named_and_nobody_is_created(
    platform: httpx.AsyncClient, members: dict[str, Any], field: str, request_of: Any
) -> None:
    body = {name: value for name, value in {**NEW, **members}.items() if value is not None}
    answer = await platform.post("/v4/user", **request_of(body))
    if request_of is as_form and members == {"givenName": ""}:
        assert answer.json()["message"] == ["givenName is required"]  # an empty field is one that was left out
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert (await platform.get("/v4/user")).json()["total"] == 1


async def test_an_address_and_a_slug_are_a_companys_only_once(
    platform: httpx.AsyncClient, connection: Connection, vault: Vault, member: UUID
) -> None:
    await created(platform, slug="anna")
    refused = [
        await platform.post("/v4/user", json={**NEW, "email": "ANNA@example.com", "meetingType": {"name": "x"}}),
        await platform.post("/v4/user", json={**NEW, "email": "b@example.com", "slug": "anna"}),
        await platform.patch(f"/v4/user/{member}", json={"email": "anna@example.com"}),
        await platform.patch(f"/v4/user/{member}", json={"slug": "anna"}),
    ]
    expected = [(409, "email-taken"), (409, "slug-taken")] * 2
    assert [(answer.status_code, answer.json()["errorCode"]) for answer in refused] == expected
    assert (await platform.get("/v4/user")).json()["total"] == 3

    other = await bootstrap(connection, vault, company="Other", email="anna@example.com", timezone="UTC")
    answer = await platform.post(
        "/v4/user", json={**NEW, "email": "x@example.com", "slug": "anna"}, headers=bearer(other.api_key, other.user_id)
    )
    assert answer.status_code == 201, "another company's"


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    with local_issuer() as running:
        yield running


@pytest.mark.parametrize(
    ("is_admin", "status"), [pytest.param(True, 201, id="admin"), pytest.param(False, 403, id="member")]
)
async def test_a_jwt_of_an_admin_may_create_users(
    opened: Opened,
    issuer: LocalIssuer,
    connection: Connection,
    company: Bootstrapped,
    member: UUID,
    is_admin: bool,
    status: int,
) -> None:
    subject = uuid4().hex
    await connection.execute(
        "UPDATE users SET oidc_subject = %s, is_admin = %s WHERE company_id = %s AND id = %s",
        (subject, is_admin, company.company_id, member),
    )
    client = await opened(oidc_issuer=issuer.url, oidc_audience=AUDIENCE)
    answer = await client.post("/v4/user", json=NEW, headers=bearer(issuer.token(sub=subject)))
    assert answer.status_code == status, answer.text
