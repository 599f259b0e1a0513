"""What people see where a page cannot be shown."""

import httpx
import psycopg
import pytest
from litestar import Router, get
from litestar.params import FromPath

from slotkeeper.errors import NotFound
from slotkeeper.main import create_app
from slotkeeper.settings import Settings
from slotkeeper.web.failure import failure_page

from ..conftest import TEST_SECRET_KEY

FAILURES = {
    "database": psycopg.OperationalError("the server at db.internal is gone"),
    "defect": ZeroDivisionError("secret internals"),
    "unknown": NotFound("appointment not found"),
}


@get("/{what:str}", include_in_schema=False)
async def failing(what: FromPath[str]) -> str:
    raise FAILURES[what]


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        pytest.param("database", 503, "Wir können gerade nicht antworten", id="no database"),
        pytest.param("defect", 500, "Bei uns ist etwas schiefgegangen", id="a defect"),
        pytest.param("unknown", 404, "Dieser Link führt ins Leere", id="unknown"),
    ],
)
async def test_a_person_gets_a_page_in_their_language_and_nothing_of_what_failed(
    what: str, status: int, words: str
) -> None:
    pages = Router("/failing", route_handlers=[failing], exception_handlers={Exception: failure_page})
    app = create_app(Settings(database_url="", secret_key=TEST_SECRET_KEY), routes=[pages])
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type] # its own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get(f"/failing/{what}", headers={"accept-language": "de"})
    assert (answer.status_code, answer.headers["content-language"]) == (status, "de")
    assert answer.headers["content-type"].startswith("text/html")
    assert words in answer.text
    assert str(FAILURES[what]) not in answer.text
