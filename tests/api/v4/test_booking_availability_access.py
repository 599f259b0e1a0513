"""Who may list slots, and of whom."""

from uuid import UUID

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault
from tests.api.conftest import Opened, bearer
from tests.api.v4.conftest import Api
from tests.support.desk import MONDAY, Desk

ROUTE = "/v4/booking-availability"


def query(company: Bootstrapped, **more: object) -> dict[str, str]:
    return {
        "meetingTypeId": str(company.meeting_type_id),
        "start": "2037-12-07",
        "end": "2037-12-07",
        **{name: str(value) for name, value in more.items()},
    }


@pytest.fixture
async def stranger(connection: Connection, vault: Vault) -> Bootstrapped:
    return await bootstrap(connection, vault, company="Other", email="o@example.net", timezone="Europe/Berlin")


async def test_a_platform_key_needs_no_user_here(opened: Opened, company: Bootstrapped) -> None:
    client = await opened()
    answer = await client.get(ROUTE, params=query(company), headers=bearer(company.api_key))
    assert answer.status_code == 200


async def test_nobody_lists_without_a_token_nor_with_one_that_does_not_reach_scheduling(
    client: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    limited = await new_personal_token(connection, company.company_id, company.user_id, name="crm", scopes=["crm"])
    assert (await client.get(ROUTE, params=query(company))).status_code == 401
    assert (await client.get(ROUTE, params=query(company), headers=bearer(limited))).status_code == 403


async def test_another_companys_ids_look_like_unknown_ones(
    client: httpx.AsyncClient, company: Bootstrapped, stranger: Bootstrapped, desk: Desk
) -> None:
    booked = await desk.book()
    headers = bearer(stranger.token)
    their_type = await client.get(ROUTE, params=query(company), headers=headers)
    their_appointment = await client.get(
        ROUTE, params=query(stranger, existingAppointmentId=booked.id), headers=headers
    )
    their_host = await client.get(ROUTE, params=query(stranger, hostIds=company.user_id), headers=headers)
    assert (their_type.status_code, their_appointment.status_code, their_host.status_code) == (404, 404, 400)
    assert their_host.json()["errors"][0]["field"] == "hostIds"


async def test_a_colleagues_appointment_looks_like_an_unknown_one_to_whoever_is_no_admin(
    api: Api, connection: Connection, desk: Desk
) -> None:
    colleague = await desk.add_host()
    booked = await desk.book(MONDAY)
    token = await new_personal_token(connection, desk.company.company_id, colleague, name="colleague")
    asked = query(desk.company, existingAppointmentId=booked.id)
    assert (await api.client.get(ROUTE, params=asked)).status_code == 200
    assert (await api.client.get(ROUTE, params=asked, headers=bearer(token))).status_code == 404


async def test_an_appointment_of_another_meeting_type_cannot_be_listed_for(api: Api, desk: Desk) -> None:
    booked = await desk.book()
    await desk.execute(ANOTHER_TYPE, id=UUID(int=booked.id.int ^ 1), type=desk.company.meeting_type_id)
    asked = {**query(desk.company, existingAppointmentId=booked.id), "meetingTypeId": str(UUID(int=booked.id.int ^ 1))}
    answer = await api.client.get(ROUTE, params=asked)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "existingAppointmentId")


ANOTHER_TYPE = """
    INSERT INTO meeting_types (company_id, id, user_id, slug, meeting_info)
    SELECT company_id, %(id)s, user_id, 'another', meeting_info FROM meeting_types
    WHERE company_id = %(company_id)s AND id = %(type)s
"""
