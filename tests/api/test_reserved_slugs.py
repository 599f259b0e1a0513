"""No user's page stands where a route of the server does."""

import httpx
import pytest
from litestar import Litestar

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.main import create_app
from slotkeeper.records.slug import RESERVED
from slotkeeper.settings import Settings

from ..conftest import TEST_SECRET_KEY
from .conftest import bearer


def first_words(app: Litestar) -> set[str]:
    return {route.path.split("/")[1] for route in app.routes} - {"{user_slug:str}"}


def test_the_first_word_of_every_route_is_reserved() -> None:
    app = create_app(Settings(database_url="", secret_key=TEST_SECRET_KEY))
    assert "v4" in first_words(app)
    assert first_words(app) - RESERVED == set()


@pytest.mark.parametrize("slug", ["v4", "CRM", "o", "robots.txt"])
async def test_a_user_cannot_take_a_reserved_one(client: httpx.AsyncClient, company: Bootstrapped, slug: str) -> None:
    new = {"email": "new@example.com", "givenName": "N", "familyName": "N", "slug": slug}
    headers = bearer(company.api_key, company.user_id)
    for answer in (
        await client.post("/v4/user", json=new, headers=headers),
        await client.patch(f"/v4/user/{company.user_id}", json={"slug": slug}, headers=headers),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "slug")
