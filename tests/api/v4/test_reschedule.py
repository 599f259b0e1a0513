"""The seed's operation over HTTP: its answer, who may, and the extras. Invariants 18, 20, 21, 39, 41."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.accounts.tokens import list_tokens, new_personal_token, revoke_token
from slotkeeper.db.pool import Connection
from tests.api.conftest import bearer
from tests.api.v4.conftest import Api
from tests.support.desk import MONDAY, Desk, minutes

SEED: dict[str, Any] = json.loads((Path(__file__).parents[2] / "support" / "reschedule_answer.json").read_text())
LATER = (MONDAY + minutes(60)).isoformat().replace("+00:00", ".000Z")
MUCH_LATER = (MONDAY + minutes(120)).isoformat()


async def test_the_answer_has_every_field_of_the_seed_with_its_type(api: Api) -> None:
    appointment = await api.book()
    answer = await api.move(appointment, LATER)
    assert answer.status_code == 200
    assert _misses(SEED, answer.json()) == []
    assert answer.json()["appointment"]["start"] == "2037-12-07T10:00:00Z"
    assert answer.json()["previousStart"] == "2037-12-07T09:00:00Z"


def _misses(shown: Any, given: Any, path: str = "") -> list[str]:
    """Paths of the seed that the answer lacks or has with another type; null stands for what is not connected."""
    if isinstance(shown, dict) and isinstance(given, dict):
        absent = [f"{path}.{key}" for key in shown if key not in given]
        return absent + [m for key in shown if key in given for m in _misses(shown[key], given[key], f"{path}.{key}")]
    if isinstance(shown, list) and isinstance(given, list):
        return [miss for entry in given[:1] for miss in _misses(shown[0], entry, f"{path}[]")]
    if given is None or shown == {} or type(shown) is type(given):
        return []
    return [f"{path}: {type(given).__name__}"]


async def test_a_platform_key_moves_as_the_user_it_names(api: Api, desk: Desk) -> None:
    appointment = await api.book()
    await desk.execute(
        "UPDATE platform_keys SET created_at = %(now)s, expires_at = %(now)s + interval '1 day'"
        " WHERE company_id = %(company_id)s",
        now=desk.now,
    )
    headers = bearer(api.company.api_key, acting_as=api.company.user_id)
    assert (await api.move(appointment, LATER, headers=headers)).status_code == 200


async def test_a_colleague_who_is_neither_host_nor_admin_may_not_move(api: Api, desk: Desk) -> None:
    appointment = await api.book()
    colleague = await desk.add_host()
    async with desk.pool.connection() as connection:
        token = await new_personal_token(connection, api.company.company_id, colleague, name="c")
    answer = await api.move(appointment, LATER, headers=bearer(token))
    assert (answer.status_code, answer.json()["errorCode"]) == (403, "forbidden")


async def test_a_revoked_token_is_refused_from_the_next_request_on(api: Api, connection: Connection) -> None:
    appointment = await api.book()
    [token] = await list_tokens(connection, api.company.company_id)
    await revoke_token(connection, api.company.company_id, token.id)
    assert (await api.move(appointment, LATER)).status_code == 401


async def test_a_taken_slot_is_409_in_a_body_that_every_client_can_read(api: Api) -> None:
    taken = await api.book(MUCH_LATER)
    appointment = await api.book()
    answer = await api.move(appointment, MUCH_LATER)
    body = answer.json()
    assert answer.status_code == 409
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert (body["status"], body["statusCode"], body["message"], body["error"], body["errorCode"]) == (
        409,
        409,
        "slot-occupied",
        "Conflict",
        "slot-occupied",
    )
    assert body["conflicts"][0]["rule"] == "slot-occupied"
    assert len(body["suggestions"]) == 5
    assert (await api.move(appointment, body["suggestions"][0])).status_code == 200
    assert taken


async def test_of_100_parallel_moves_of_100_appointments_into_one_slot_1_succeeds_and_99_get_409(api: Api) -> None:
    days = [day for day in range(12) if day % 7 < 5]
    starts = [MONDAY + timedelta(days=day, minutes=30 * n) for day in days for n in range(10)]
    appointments = [await api.book(start.isoformat()) for start in starts]
    target = (MONDAY + timedelta(days=14)).isoformat()
    answers = await asyncio.gather(*(api.move(appointment, target) for appointment in appointments))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 99]


async def test_the_same_key_and_body_give_the_first_answer_again_byte_for_byte_and_another_body_422(api: Api) -> None:
    appointment = await api.book()
    key = {"Idempotency-Key": "move-1"}
    first = await api.move(appointment, LATER, headers=key)
    again = await api.move(appointment, LATER, headers=key)
    assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, first.headers["etag"])
    other = await api.move(appointment, MUCH_LATER, headers=key)
    assert (other.status_code, other.json()["errorCode"]) == (422, "idempotency-key-reused")


async def test_a_refusal_is_repeated_under_its_key_although_the_slot_is_free_by_then(api: Api) -> None:
    taken = await api.book(MUCH_LATER)
    appointment = await api.book()
    key = {"Idempotency-Key": "move-2"}
    first = await api.move(appointment, MUCH_LATER, headers=key)
    await api.client.post(f"/v4/appointment/{taken}/cancel", json={})
    again = await api.move(appointment, MUCH_LATER, headers=key)
    assert (first.status_code, again.status_code) == (409, 409)
    assert again.content == first.content


async def test_concurrent_requests_with_one_key_move_once(api: Api, desk: Desk) -> None:
    appointment = await api.book()
    answers = await asyncio.gather(
        *(api.move(appointment, LATER, headers={"Idempotency-Key": "move-3"}) for _ in range(6))
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    moves = await desk.rows("SELECT 1 FROM changes WHERE company_id = %(company_id)s AND kind = 'rescheduled'")
    assert len(moves) == 1


async def test_an_old_etag_is_412_and_nothing_is_written(api: Api, desk: Desk) -> None:
    appointment = await api.book()
    etag = (await api.client.get(f"/v4/appointment/{appointment}")).headers["etag"]
    assert (await api.move(appointment, LATER, headers={"If-Match": etag})).status_code == 200
    before = await _counts(desk)
    refused = await api.move(appointment, MUCH_LATER, headers={"If-Match": etag})
    assert (refused.status_code, refused.json()["errorCode"]) == (412, "precondition-failed")
    assert await _counts(desk) == before


async def test_a_dry_run_tells_everything_and_writes_nothing(api: Api, desk: Desk) -> None:
    await api.book(MUCH_LATER)
    appointment = await api.book()
    before = await _counts(desk)
    evening = (MONDAY + timedelta(hours=9)).isoformat()
    path = f"/v4/appointment/{appointment}/reschedule?dryRun=true"
    refused = (await api.client.post(path, json={"start": MUCH_LATER})).json()
    allowed = (await api.client.post(path, json={"start": evening, "ignoreAvailability": True})).json()
    assert (refused["wouldSucceed"], refused["conflicts"][0]["rule"]) == (False, "slot-occupied")
    assert len(refused["suggestions"]) == 5
    assert (allowed["wouldSucceed"], allowed["overridden"][0]["rule"]) == (True, "outside-working-hours")
    assert {effect["kind"] for effect in allowed["effects"]} == {"email", "crm"}
    assert await _counts(desk) == before


async def test_the_mailed_link_opens_the_present_state_after_moves_and_after_the_cancel(api: Api) -> None:
    appointment = await api.book()
    shown = (await api.client.get(f"/v4/appointment/{appointment}")).json()
    link = f"/a/{shown['attendees'][0]['secret']}"
    await api.move(appointment, LATER)
    moved = await api.client.get(link)
    assert moved.status_code == 200
    assert "2037-12-07T10:00:00+00:00" in moved.text
    await api.client.post(f"/v4/appointment/{appointment}/cancel", json={})
    assert "Cancelled" in (await api.client.get(link)).text
    forged = link[:-2] + ("AA" if link[-2:] != "AA" else "BB")
    assert (await api.client.get(forged)).status_code == 404
    assert "Cancelled" in (await api.client.get(f"/a/{shown['secret']}")).text


async def test_the_page_speaks_the_attendees_language_and_shows_their_zone(api: Api) -> None:
    attendee = {"email": "ben@example.org", "language": "de", "timezone": "Asia/Kathmandu"}
    appointment = await api.book(attendee=attendee)
    shown = (await api.client.get(f"/v4/appointment/{appointment}")).json()
    page = (await api.client.get(f"/a/{shown['attendees'][0]['secret']}")).text
    assert "Bestätigt" in page
    assert "14:45" in page
    assert (await api.client.get(f"/a/{shown['attendees'][0]['secret']}/invite.ics")).text == shown["ics"]


_WRONG = [
    pytest.param(b'{"start": ', "body", id="cut off"),
    pytest.param(b"", "body", id="empty"),
    pytest.param(b"[]", "body", id="an array"),
    pytest.param(b"\xff\xfe", "body", id="not UTF-8"),
    pytest.param(b'{"start": "2037-12-07T10:00:00"}', "start", id="naive"),
    pytest.param(b'{"start": "2037-12-07"}', "start", id="a date"),
    pytest.param(b'{"start": "9999-12-31T23:59:59Z"}', "start", id="year 9999"),
    pytest.param(b'{"start": "0001-01-01T00:00:00Z"}', "start", id="year 1"),
    pytest.param(b'{"start": "2037-02-30T10:00:00Z"}', "start", id="30 February"),
    pytest.param(b'{"start": 5}', "start", id="a number"),
    pytest.param(b'{"start": null}', "start", id="null"),
    pytest.param(b"{}", "start", id="missing"),
    pytest.param(
        b'{"start": "2037-12-07T10:00:00Z", "ignoreAvailability": "yes"}', "ignoreAvailability", id="not a boolean"
    ),
    pytest.param(b'{"start": "2037-12-07T10:00:00Z", "notify": "some"}', "notify", id="unknown notify"),
    pytest.param(b'{"start": "2037-12-07T10:00:00Z", "reason": "' + b"x" * 501 + b'"}', "reason", id="long reason"),
    pytest.param(b'{"start": "2037-12-07T10:00:00Z", "reason": "\\u0000"}', "body", id="NUL"),
    pytest.param(b'{"start": ' + b"[" * 100_000, "body", id="nested deeply"),
]


@pytest.mark.parametrize(("body", "field"), _WRONG)
async def test_a_naive_datetime_or_anything_else_malformed_is_400_with_the_field_named_and_nothing_is_written(
    api: Api, desk: Desk, body: bytes, field: str
) -> None:
    appointment = await api.book()
    before = await _counts(desk)
    answer = await _post(api.client, appointment, body, "application/json")
    assert (answer.status_code, answer.json()["statusCode"]) == (400, 400)
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await _counts(desk) == before


async def test_another_content_type_is_415_and_a_bad_id_400(api: Api) -> None:
    appointment = await api.book()
    assert (await _post(api.client, appointment, b"start=1", "application/x-www-form-urlencoded")).status_code == 415
    bad = await api.move("not-a-uuid", LATER)
    assert bad.status_code in (400, 404)


async def test_unknown_fields_are_ignored_because_clients_send_some(api: Api) -> None:
    appointment = await api.book()
    assert (await api.move(appointment, LATER, source="n8n", context={"a": 1})).status_code == 200


async def test_the_ledger_shows_each_effects_kind_target_version_and_state(
    api: Api, pool: "AsyncConnectionPool[Connection]", company: Bootstrapped
) -> None:
    appointment = await api.book()
    ledger = await api.client.get(f"/v4/appointment/{appointment}/effects")
    assert ledger.json() == {"settled": False, "effects": []}
    assert (await api.client.post(f"/v4/appointment/{appointment}/effects/{uuid4()}/retry")).status_code == 404


async def _post(client: httpx.AsyncClient, appointment: str, body: bytes, content_type: str) -> httpx.Response:
    path = f"/v4/appointment/{appointment}/reschedule"
    return await client.post(path, content=body, headers={"Content-Type": content_type})


async def _counts(desk: Desk) -> list[object]:
    tables = ("appointments", "changes", "reminders", "effects", "idempotency_records")
    rows = [await desk.rows(f"SELECT count(*) FROM {t} WHERE company_id = %(company_id)s") for t in tables]
    return [*rows, await desk.rows("SELECT max(version) FROM appointments WHERE company_id = %(company_id)s")]
