import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from tests.api.conftest import bearer

PAGE = "/v4/appointment/paginated"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param("page=0&pageSize=1&meetingTypeId=&search=", 200, id="empty ones count as absent"),
        pytest.param("userId=&page=0&&pageSize=1", 200, id="wherever they stand"),
        pytest.param("page=&pageSize=1", 400, id="also one that is required"),
        pytest.param("page=0&pageSize=1&search=a%00", 400, id="NUL"),
    ],
)
async def test_parameters_that_nobody_filled_in_are_none(
    client: httpx.AsyncClient, company: Bootstrapped, query: str, status: int
) -> None:
    assert (await client.get(f"{PAGE}?{query}", headers=bearer(company.token))).status_code == status


async def test_a_value_may_end_with_an_equals_sign(client: httpx.AsyncClient, company: Bootstrapped) -> None:
    answer = await client.get(f"{PAGE}?page=0&pageSize=1&status=x=", headers=bearer(company.token))
    assert answer.json()["errors"][0]["field"] == "status"
