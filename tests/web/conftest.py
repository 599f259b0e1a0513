"""The pages on a real server, in a real browser, with the office that mails their links."""

from collections.abc import Iterator

import pytest
from litestar import Litestar

from slotkeeper.main import create_app
from slotkeeper.settings import Settings

from ..conftest import TEST_SECRET_KEY
from ..side_effects.conftest import caldav_server, mail_server, office, webhook_receiver
from ..support.browser import browser, chromium
from ..support.server_thread import served

__all__ = ["browser", "caldav_server", "chromium", "mail_server", "office", "webhook_receiver"]


@pytest.fixture
def public_url(database_url: str) -> Iterator[str]:
    """Of the server that runs during the test."""

    def app(url: str) -> Litestar:
        return create_app(Settings(database_url=database_url, secret_key=TEST_SECRET_KEY, public_url=url))

    with served(app) as url:
        yield url
