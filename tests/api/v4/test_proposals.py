"""Other times for an appointment over HTTP: the host by token, the attendee by the secret of their link."""

from typing import Any

import httpx
import pytest

from tests.api.v4.conftest import Api
from tests.support.desk import MONDAY, Desk, minutes

LATER, LATEST = (MONDAY + minutes(60)).isoformat(), (MONDAY + minutes(120)).isoformat()
SATURDAY = "2037-12-12T09:00:00Z"


class Side:
    """``path`` is theirs; ``auth`` what they send along."""

    def __init__(self, api: Api, path: str, headers: dict[str, str]) -> None:
        self.client, self.path, self.headers = api.client, f"{path}/proposals", headers

    async def post(self, what: str = "", headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        sent = {**self.headers, **(headers or {})}
        return await self.client.post(f"{self.path}{what}", json=body or None, headers=sent)

    async def offer(self, *starts: str, **body: Any) -> str:
        answer = await self.post(starts=starts, **body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def list(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.client.get(self.path, headers=self.headers)).json()
        return found


async def sides(api: Api) -> tuple[str, Side, Side]:
    """An appointment, its host, and its attendee, who has no token."""
    booked = await api.book()
    shown = (await api.client.get(f"/v4/appointment/{booked}")).json()
    secret = shown["attendees"][0]["secret"]
    nobody = {"authorization": ""}
    host, attendee = f"/v4/appointment/{booked}", f"/v4/appointment/by-secret/{secret}"
    return booked, Side(api, host, {}), Side(api, attendee, nobody)


async def test_a_host_offers_and_the_attendee_accepts(api: Api) -> None:
    booked, host, attendee = await sides(api)
    offered = await host.post(starts=[LATER, LATEST], message="a tram strike")
    assert offered.status_code == 201
    body = offered.json()
    assert {name: body[name] for name in ("appointmentId", "state", "side", "starts", "message", "endedAt")} == {
        "appointmentId": booked,
        "state": "open",
        "side": "host",
        "starts": ["2037-12-07T10:00:00Z", "2037-12-07T11:00:00Z"],
        "message": "a tram strike",
        "endedAt": None,
    }
    assert await attendee.list() == [body]
    accepted = await attendee.post(f"/{body['id']}/accept", start=LATEST)
    assert accepted.status_code == 200
    told = accepted.json()
    assert (told["state"], told["acceptedStart"], told["endedBy"]["kind"]) == (
        "accepted", "2037-12-07T11:00:00Z", "attendee",
    )  # fmt: skip
    assert (await api.client.get(f"/v4/appointment/{booked}")).json()["start"] == "2037-12-07T11:00:00Z"
    assert await host.list() == [told]


async def test_an_attendee_offers_and_the_host_declines_with_a_reason(api: Api) -> None:
    _, host, attendee = await sides(api)
    offer = await attendee.offer(LATER)
    declined = await host.post(f"/{offer}/decline", reason="I teach then")
    assert (declined.json()["state"], declined.json()["reason"]) == ("declined", "I teach then")
    again = await host.post(f"/{offer}/accept", start=LATER)
    assert (again.status_code, again.json()["errorCode"]) == (409, "proposal-closed")


async def test_who_offered_withdraws_without_a_body(api: Api) -> None:
    _, host, attendee = await sides(api)
    for side in (host, attendee):
        offer = await side.offer(LATER)
        assert (await side.post(f"/{offer}/withdraw")).json()["state"] == "withdrawn"


async def test_a_refusal_names_each_start_that_is_not_free(api: Api) -> None:
    await api.book(LATER)
    _, host, attendee = await sides(api)
    refused = await attendee.post(starts=[LATEST, LATER, SATURDAY])
    assert refused.status_code == 409
    assert refused.json()["errorCode"] == "slot-occupied"
    told = [(conflict["wanted"], conflict["rule"]) for conflict in refused.json()["conflicts"]]
    assert told == [("2037-12-07T10:00:00Z", "slot-occupied"), (SATURDAY, "outside-working-hours")]
    await host.offer(LATEST, LATER, SATURDAY, ignoreAvailability=True)


async def test_the_conflicts_of_a_move_name_no_start_beside_the_one_that_was_asked_for(api: Api) -> None:
    booked, _, _ = await sides(api)
    assert "wanted" not in (await api.move(booked, SATURDAY)).json()["conflicts"][0]


@pytest.mark.parametrize("of", ["host", "attendee"])
async def test_the_same_key_gets_the_first_answer_again_and_offers_once(api: Api, of: str) -> None:
    _, host, attendee = await sides(api)
    side = host if of == "host" else attendee
    key = {"Idempotency-Key": "once"}
    first, second = [await side.post(headers=key, starts=[LATER]) for _ in range(2)]
    assert (first.content, second.headers["idempotent-replayed"]) == (second.content, "true")
    assert len(await side.list()) == 1
    other = await side.post(headers=key, starts=[LATEST])
    assert (other.status_code, other.json()["errorCode"]) == (422, "idempotency-key-reused")
    accepting = attendee if of == "host" else host
    for _ in range(2):
        answer = await accepting.post(f"/{first.json()['id']}/accept", headers=key, start=LATER)
        assert (answer.status_code, answer.json()["state"]) == (200, "accepted")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({}, "starts", id="nothing"),
        pytest.param({"starts": []}, "starts", id="no start"),
        pytest.param({"starts": [LATER] * 6}, "starts", id="six starts"),
        pytest.param({"starts": [LATEST, "2037-12-07T10:00:00"]}, "starts[1]", id="no zone"),
        pytest.param({"starts": [LATEST, "2037-12-07T10:00:00.5Z"]}, "starts[1]", id="half a second"),
        pytest.param({"starts": [LATER], "message": "x" * 501}, "message", id="a long message"),
    ],
)
async def test_a_malformed_offer_names_its_field(api: Api, body: dict[str, Any], field: str) -> None:
    _, host, attendee = await sides(api)
    for side in (host, attendee):
        answer = await side.post(**{"x": 1, **body})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"].replace("...", "1") == field


async def test_a_policy_that_forbids_moving_forbids_neither_asking_nor_accepting(api: Api, desk: Desk) -> None:
    await desk.set_type(rescheduling_policy={"enabled": True, "mode": "disabled"})
    _, host, attendee = await sides(api)
    asked = await attendee.offer(LATER)
    await host.post(f"/{asked}/decline")
    offer = await host.offer(LATEST)
    assert (await attendee.post(f"/{offer}/accept", start=LATEST)).status_code == 200


async def test_the_history_names_the_proposal_of_each_change(api: Api) -> None:
    booked, host, attendee = await sides(api)
    offer = await attendee.offer(LATER)
    await host.post(f"/{offer}/accept", start=LATER)
    changes = (await api.client.get(f"/v4/appointment/{booked}/history")).json()["changes"]
    told = [(change["kind"], change["through"], change["proposalId"]) for change in changes]
    assert told == [("booked", "api", None), ("proposed", "attendee link", offer), ("rescheduled", "api", offer)]


async def test_an_acceptance_is_not_counted_among_the_moves_that_an_attendee_may_make(api: Api, desk: Desk) -> None:
    await desk.set_type(rescheduling_policy={"enabled": True, "mode": "hours", "duration": 1, "maxChanges": 1})
    _, host, attendee = await sides(api)
    offer = await host.offer(LATER)
    assert (await attendee.post(f"/{offer}/accept", start=LATER)).status_code == 200
    own = attendee.path.removesuffix("/proposals")
    for start, status in ((LATEST, 200), (LATER, 409)):
        answer = await attendee.client.post(f"{own}/reschedule", json={"start": start}, headers=attendee.headers)
        assert answer.status_code == status


async def test_an_attendee_is_told_which_rule_refuses_and_not_whose_time_it_is(api: Api) -> None:
    await api.book((MONDAY + minutes(75)).isoformat())
    _, host, attendee = await sides(api)
    to_host, to_attendee = [(await side.post(starts=[LATER])).json()["conflicts"][0] for side in (host, attendee)]
    assert (to_host["start"], to_attendee["start"]) == ("2037-12-07T10:15:00Z", "2037-12-07T10:00:00Z")
    assert to_host["hostId"] == str(api.company.user_id)
    assert to_attendee["hostId"] is None
