"""Nobody learns whether an id exists: invariant 38."""

import hmac
from typing import Any
from uuid import UUID, uuid4

import pytest

from slotkeeper.accounts.bootstrap import bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault
from tests.api.conftest import bearer
from tests.api.v4.conftest import Api
from tests.support.desk import Desk

READING = {"see": "GET /v4/appointment/{id}", "effects": "GET /v4/appointment/{id}/effects"}
CHANGING = {
    "move": "POST /v4/appointment/{id}/reschedule",
    "dry run": "POST /v4/appointment/{id}/reschedule?dryRun=true",
    "cancel": "POST /v4/appointment/{id}/cancel",
    "run an effect again": f"POST /v4/appointment/{{id}}/effects/{UUID(int=1)}/retry",
}
BODY = {"start": "2037-12-07T10:00:00Z"}


@pytest.mark.parametrize("route", [*READING, *CHANGING])
async def test_an_unknown_id_and_somebody_elses_id_answer_alike(
    api: Api, connection: Connection, vault: Vault, route: str
) -> None:
    other = await bootstrap(connection, vault, company="Other", email="x@example.com", timezone="UTC")
    theirs = await api.book()
    answers = [await _asked(api, other.token, route, wanted) for wanted in (theirs, str(uuid4()))]
    assert answers[0] == answers[1]
    assert answers[0]["statusCode"] == 404


@pytest.mark.parametrize("route", READING)
async def test_an_unknown_id_and_a_colleagues_appointment_look_alike(api: Api, desk: Desk, route: str) -> None:
    theirs = await api.book()
    colleague = await desk.add_host()
    async with desk.pool.connection() as connection:
        token = await new_personal_token(connection, api.company.company_id, colleague, name="c")
    answers = [await _asked(api, token, route, wanted) for wanted in (theirs, str(uuid4()))]
    assert answers[0] == answers[1]
    assert answers[0]["statusCode"] == 404


async def _asked(api: Api, token: str, route: str, appointment: str) -> dict[str, Any]:
    """The answer, with the asked id taken out of its words."""
    method, _, path = {**READING, **CHANGING}[route].partition(" ")
    answer = await api.client.request(
        method, path.format(id=appointment), json=BODY if method == "POST" else None, headers=bearer(token)
    )
    shown: dict[str, Any] = answer.json()
    return {
        name: value.replace(appointment, "ID") if isinstance(value, str) else value for name, value in shown.items()
    }


async def test_any_wrong_secret_in_a_link_answers_alike(api: Api) -> None:
    appointment = await api.book()
    shown = (await api.client.get(f"/v4/appointment/{appointment}")).json()
    right = shown["attendees"][0]["secret"]
    forged = right[:-4] + ("AAAA" if right[-4:] != "AAAA" else "BBBB")
    pages = [await api.client.get(f"/a/{secret}") for secret in (forged, "x", "ü.ü")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert (await api.client.get(f"/a/{forged}/invite.ics")).status_code == 404
    assert (await api.client.get(f"/a/{right}")).status_code == 200


async def test_secrets_are_compared_in_constant_time(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through ``hmac.compare_digest``, which says so; a measured time would prove nothing here."""
    compared: list[bool] = []
    compare_digest = hmac.compare_digest

    def watched(one: bytes, other: bytes) -> bool:
        compared.append(compare_digest(one, other))
        return compared[-1]

    monkeypatch.setattr(hmac, "compare_digest", watched)
    appointment = await api.book()
    shown = (await api.client.get(f"/v4/appointment/{appointment}")).json()
    secret = shown["attendees"][0]["secret"]
    for given in (secret, secret[:-4] + "AAAA"):
        await api.client.get(f"/a/{given}")
    for key in (api.company.api_key, api.company.api_key[:-4] + "AAAA"):
        await api.client.get(f"/v4/appointment/{appointment}", headers=bearer(key, acting_as=api.company.user_id))
    assert compared == [True, False, True, False]
