"""The app with a few routes of its own for tests, in process, on the real database."""

import copy
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar, Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, QueryParameter

from slotkeeper.api.answer import Answer
from slotkeeper.api.at_most import at_most
from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import Instant, instant
from slotkeeper.api.idempotency import fingerprint_of
from slotkeeper.api.openapi import CHANGING_AN_APPOINTMENT, READING, problems
from slotkeeper.api.services import Services
from slotkeeper.errors import Conflict, NotFound
from slotkeeper.main import ROUTES, create_app
from slotkeeper.records.caller import Caller
from slotkeeper.settings import Settings

from ..conftest import TEST_SECRET_KEY

Opened = Callable[..., Awaitable[httpx.AsyncClient]]


PageSize = Annotated[int, QueryParameter(name="pageSize", ge=1)]


class Shift(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    start: Instant
    ignore_availability: bool = False
    host_ids: list[UUID] = []
    notes: dict[str, Any] = {}


@get("/me", responses=problems(*READING))
async def me(caller: NamedDependency[Caller]) -> dict[str, object]:
    return {"userId": caller.user_id, "companyId": caller.company_id, "credential": caller.credential}


@post("/shift/{id:str}", status_code=200, responses=problems(*CHANGING_AN_APPOINTMENT))
async def shift(
    shift_id: Annotated[UUID, PathParameter(name="id")], data: JSONBody[Shift], page: FromQuery[int] = 0
) -> dict[str, object]:
    return {
        "id": shift_id,
        "start": instant("start", data.start),
        "page": page,
        "notes": data.notes,
    }


@get("/typed/{some_id:uuid}")
async def typed(some_id: FromPath[UUID]) -> dict[str, object]:
    return {"id": some_id}


@post("/page")
async def page(page_size: PageSize) -> dict[str, int]:
    return {"pageSize": page_size}


@post("/refused/{code:str}")
async def refused(code: FromPath[str]) -> Response[bytes]:
    errors = {"conflict": Conflict("the host is taken", code="slot-occupied"), "unknown": NotFound("not found")}
    raise errors.get(code) or ZeroDivisionError("secret internals")


@post("/nobody")
async def without_body(request: Request[Any, Any, Any]) -> Response[bytes]:
    return Answer.json({"bytes": len(await request.body())}, status=201).response()


@get("/owner", guards=[require_scope("account", or_owner=True)])
async def owner(caller: NamedDependency[Caller]) -> dict[str, object]:
    return {"userId": caller.user_id}


@get("/twice", guards=[at_most(2, per=timedelta(minutes=5))], responses=problems(*READING))
async def twice(caller: NamedDependency[Caller]) -> dict[str, object]:
    return {"userId": caller.user_id}


@get("/once", guards=[at_most(1, per=timedelta(minutes=1))], responses=problems(429))
async def once_an_address() -> dict[str, str]:
    return {"status": "ok"}


@post("/{path:path}", status_code=200)
async def fingerprint(request: Request[Any, Any, Any]) -> str:
    return (await fingerprint_of(request)).digest.hex()


TEST_ROUTES = (
    Router("/test", route_handlers=[me, shift, page, typed, twice], guards=[require_scope("scheduling")]),
    Router("/fingerprint", route_handlers=[fingerprint]),
    Router("/open", route_handlers=[refused, without_body, owner, once_an_address]),
)


@pytest.fixture(scope="session")
def built() -> Litestar:
    """Once in a test process: to look at the signatures of all routes takes longer than most tests."""
    return create_app(Settings(database_url="", secret_key=TEST_SECRET_KEY), routes=(*ROUTES, *TEST_ROUTES))


@pytest.fixture
async def opened(database_url: str, built: Litestar) -> AsyncIterator[Opened]:
    """Opens an app (``clock=``, ``oidc_issuer=`` … as needed) and a client of it."""
    async with AsyncExitStack() as stack:

        async def open_app(
            clock: Callable[[], datetime] = lambda: datetime.now(UTC), **given: Any
        ) -> httpx.AsyncClient:
            settings = Settings(database_url=database_url, secret_key=TEST_SECRET_KEY, **given)
            app = copy.copy(built)
            app.state = State({"services": Services(settings=settings, clock=clock)})
            # What the lifespan does; Litestar's own would have to end in the task that began it, and fixtures do not.
            await stack.enter_async_context(app.state.services.pool)
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type] # its own ASGI types
            client = httpx.AsyncClient(transport=transport, base_url="http://test")
            return await stack.enter_async_context(client)

        yield open_app


@pytest.fixture
async def client(opened: Opened) -> httpx.AsyncClient:
    return await opened()


def bearer(credential: str, acting_as: object = None) -> dict[str, str]:
    headers = {"authorization": f"Bearer {credential}"}
    return headers if acting_as is None else {**headers, "x-meetergo-api-user-id": str(acting_as)}
