"""Templates over HTTP (meetergo-v4-api.md 2.5): made, seen by everybody, started from."""

from typing import Any
from uuid import uuid4

import pytest

from slotkeeper.accounts.bootstrap import bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault
from tests.api.conftest import bearer
from tests.api.v4.conftest import Api
from tests.support.desk import Desk

TEMPLATES = "/v4/meeting-type-template"
DEMO: dict[str, Any] = {
    "meetingInfo": {"name": {"en": "Demo", "de": "Vorführung"}, "duration": 40, "channel": "zoom", "bufferAfter": 10},
    "meetingOptions": {"allowedDurations": [20, 40], "doubleOptIn": "enabled"},
    "spots": 4,
    "locations": ["Showroom"],
    "templateType": "individual",
    "queueType": "simpleRoundRobin",
}


async def make(api: Api, **members: object) -> dict[str, Any]:
    answer = await api.client.post(f"{TEMPLATES}/create", json={**DEMO, **members})
    assert answer.status_code == 201, answer.text
    template: dict[str, Any] = answer.json()
    return template


async def test_a_template_has_what_was_given_and_defaults_for_the_rest(api: Api) -> None:
    template = await make(api)
    assert template["meetingInfo"]["name"] == "Demo"
    assert template["translations"]["name"] == DEMO["meetingInfo"]["name"]
    assert (template["meetingInfo"]["duration"], template["meetingInfo"]["bufferBefore"]) == (40, 0)
    assert (template["spots"], template["locations"]) == (4, ["Showroom"])
    assert (template["templateType"], template["queueType"]) == ("individual", "simpleRoundRobin")
    assert (await api.client.get(f"{TEMPLATES}/{template['id']}")).json() == template
    assert (await api.client.get(TEMPLATES)).json() == [template]


async def test_a_meeting_type_starts_from_a_template_and_what_it_says_itself_wins(api: Api) -> None:
    template = (await make(api))["id"]
    bare = (await api.client.post("/v4/meeting-type", json={"templateId": template})).json()
    assert (bare["slug"], bare["spots"], bare["meetingInfo"]["duration"]) == ("demo", 4, 40)
    assert bare["meetingOptions"]["allowedDurations"] == [20, 40]
    own = {"templateId": template, "meetingInfo": {"name": "Own", "duration": 15}, "spots": 1}
    made = (await api.client.post("/v4/meeting-type", json=own)).json()
    assert (made["meetingInfo"]["name"], made["meetingInfo"]["duration"], made["spots"]) == ("Own", 15, 1)
    assert (made["meetingInfo"]["channel"], made["locations"]) == ("zoom", ["Showroom"])


@pytest.mark.parametrize(
    ("members", "field"),
    [
        pytest.param({"meetingInfo": {}}, "meetingInfo.name", id="no name"),
        pytest.param({"meetingInfo": {"name": "x", "duration": 4}}, "meetingInfo.duration", id="too short"),
        pytest.param({"spots": 101}, "spots", id="too many spots"),
        pytest.param({"meetingOptions": {"doubleOptIn": True}}, "meetingOptions.doubleOptIn", id="a boolean"),
        pytest.param({"templateType": ""}, "templateType", id="an empty type"),
    ],
)
async def test_what_is_wrong_is_named(api: Api, members: dict[str, Any], field: str) -> None:
    answer = await api.client.post(f"{TEMPLATES}/create", json={**DEMO, **members})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert (await api.client.get(TEMPLATES)).json() == []


async def test_what_belongs_to_a_user_is_no_part_of_a_template(api: Api) -> None:
    options = {
        "bookingPagePassword": {"enable": True, "password": "x"},
        "channelAvailabilities": {"zoom": str(uuid4())},
    }
    template = await make(api, meetingOptions=options)
    assert template["meetingOptions"]["bookingPagePassword"] == {"enable": False, "password": None}
    assert template["meetingOptions"]["channelAvailabilities"] == {}


async def test_everybody_sees_templates_and_only_who_made_one_and_admins_delete_it(
    api: Api, desk: Desk, connection: Connection
) -> None:
    template = f"{TEMPLATES}/{(await make(api))['id']}"
    colleague = await desk.add_host()
    headers = bearer(await new_personal_token(connection, api.company.company_id, colleague, name="colleague"))
    theirs = (await api.client.post(f"{TEMPLATES}/create", json=DEMO, headers=headers)).json()["id"]
    assert len((await api.client.get(TEMPLATES, headers=headers)).json()) == 2
    assert (await api.client.delete(template, headers=headers)).status_code == 403
    assert (await api.client.delete(f"{TEMPLATES}/{theirs}", headers=headers)).status_code == 204
    assert (await api.client.delete(template)).status_code == 204
    assert (await api.client.get(template)).status_code == 404
    assert (await api.client.get(TEMPLATES)).json() == []


async def test_another_companys_template_looks_like_an_unknown_one(
    api: Api, connection: Connection, vault: Vault
) -> None:
    theirs = (await make(api))["id"]
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    api.client.headers.update(bearer(other.token))
    assert (await api.client.get(TEMPLATES)).json() == []
    for some in (theirs, str(uuid4())):
        assert (await api.client.get(f"{TEMPLATES}/{some}")).status_code == 404
        assert (await api.client.delete(f"{TEMPLATES}/{some}")).status_code == 404
        used = await api.client.post("/v4/meeting-type", json={"templateId": some, "meetingInfo": {"name": "x"}})
        expected = [{"field": "templateId", "message": "must name a template of this company"}]
        assert (used.status_code, used.json()["errors"]) == (400, expected)
