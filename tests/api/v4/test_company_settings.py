from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from tests.api.conftest import bearer
from tests.api.v4.conftest import Api
from tests.support.desk import Desk

SETTINGS = "/v4/company/meeting-type-settings"


async def test_an_admin_decides_for_the_company_one_setting_at_a_time(api: Api) -> None:
    assert (await api.client.get(SETTINGS)).json() == {"doubleOptIn": "disabled", "requireHostConfirmation": "disabled"}
    changed = await api.client.patch(SETTINGS, json={"doubleOptIn": "enabled"})
    assert changed.json() == {"doubleOptIn": "enabled", "requireHostConfirmation": "disabled"}
    wrong = await api.client.patch(SETTINGS, json={"doubleOptIn": "useCompanySettings"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "doubleOptIn")
    await api.client.patch(SETTINGS, json={"requireHostConfirmation": "enabled"})
    assert (await api.client.get(SETTINGS)).json() == {"doubleOptIn": "enabled", "requireHostConfirmation": "enabled"}


async def test_a_member_may_look_and_not_touch(api: Api, desk: Desk, connection: Connection) -> None:
    token = await new_personal_token(connection, api.company.company_id, await desk.add_host(), name="member")
    assert (await api.client.get(SETTINGS, headers=bearer(token))).status_code == 200
    refused = await api.client.patch(SETTINGS, json={"doubleOptIn": "enabled"}, headers=bearer(token))
    assert refused.status_code == 403
    assert (await api.client.get(SETTINGS)).json()["doubleOptIn"] == "disabled"
