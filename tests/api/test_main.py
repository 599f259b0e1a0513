import httpx

from slotkeeper.main import create_app
from slotkeeper.settings import Settings

from ..conftest import TEST_SECRET_KEY


async def test_the_server_is_ready_when_the_database_answers(database_url: str) -> None:
    app = create_app(Settings(database_url=database_url, secret_key=TEST_SECRET_KEY))
    async with app.lifespan():
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type] # its own ASGI types
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get("/healthz")).json() == {"status": "ok"}
            assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_the_server_is_up_but_not_ready_without_a_database() -> None:
    nowhere = Settings(database_url="postgresql://127.0.0.1:9/none?connect_timeout=1", secret_key=TEST_SECRET_KEY)
    app = create_app(nowhere)
    async with app.lifespan():
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type] # its own ASGI types
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get("/healthz")).status_code == 200
            answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["errorCode"] == "unavailable"
