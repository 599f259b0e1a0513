from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from slotkeeper.main import create_app
from slotkeeper.settings import Settings

from ..conftest import TEST_SECRET_KEY
from ..support.server_thread import served


@pytest.fixture(scope="module")
def url(database_url: str) -> Iterator[str]:
    """A running server, by the real clock."""
    with served(lambda _: create_app(Settings(database_url=database_url, secret_key=TEST_SECRET_KEY))) as url:
        yield url


@pytest.fixture
async def http(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield client
