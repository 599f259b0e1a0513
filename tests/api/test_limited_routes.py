"""The limits that single routes of the API have (meetergo-v4-api.md 1.5)."""

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from tests.support.moved_clock import MovedClock

from .conftest import Opened, bearer


@pytest.mark.parametrize(
    ("path", "times", "seconds"),
    [
        pytest.param("/v4/attendee/quick-mail", 5, 300, id="quick mail"),
        pytest.param("/crm/bulk", 3, 60, id="many contacts in"),
        pytest.param("/v4/crm/bulk", 3, 60, id="many contacts in, under v4"),
        pytest.param("/crm/bulk-delete", 3, 60, id="many contacts out"),
    ],
)
async def test_one_request_too_many_is_refused_until_the_first_is_that_long_ago(
    opened: Opened, company: Bootstrapped, path: str, times: int, seconds: int
) -> None:
    clock = MovedClock()
    client = await opened(clock=clock)

    async def ask() -> httpx.Response:
        return await client.post(path, json={}, headers=bearer(company.token))

    assert [(await ask()).status_code for _ in range(times)] == [400] * times
    clock.move(seconds=seconds - 1)
    refused = await ask()
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    clock.move(seconds=1)
    assert (await ask()).status_code == 400
