import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import msgspec
import psycopg
import pytest

from slotkeeper.accounts.authenticate import by_personal_token
from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.api.answer import Answer
from slotkeeper.api.idempotency import LIFETIME, Fingerprint, once, require_visible
from slotkeeper.api.services import Services
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict, Forbidden, KeyReused, Malformed, SlotkeeperError, Unauthenticated, Unavailable
from slotkeeper.records.caller import Caller
from slotkeeper.secrets import Vault
from slotkeeper.settings import Settings

from ..conftest import TEST_SECRET_KEY

ASKED = Fingerprint(b"this request", "/v4/appointment/1/reschedule")
NOW = datetime(2026, 3, 10, 14, tzinfo=UTC)


class Operation:
    """Renames the company and answers with how often it ran; raises ``error`` after writing, if there is one."""

    def __init__(self, company_id: UUID, error: Exception | None = None) -> None:
        self.company_id = company_id
        self.error = error
        self.runs = 0

    async def __call__(self, connection: Connection) -> Answer:
        self.runs += 1
        await connection.execute("UPDATE companies SET name = 'changed' WHERE id = %s", (self.company_id,))
        if self.error:
            raise self.error
        return Answer.json({"run": self.runs, "at": NOW}, headers={"etag": '"7"'})


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    made = Services(settings=Settings(database_url=database_url, secret_key=TEST_SECRET_KEY), clock=lambda: NOW)
    async with made.pool:
        yield made


@pytest.fixture
async def caller(connection: Connection, vault: Vault, company: Bootstrapped) -> Caller:
    return await by_personal_token(connection, vault, company.token, None, NOW)


async def name_of(connection: Connection, company: Bootstrapped) -> str:
    row = await (await connection.execute("SELECT name FROM companies WHERE id = %s", (company.company_id,))).fetchone()
    assert row
    return str(row[0])


async def test_a_repeated_key_gets_the_first_answer_byte_for_byte(
    services: Services, caller: Caller, company: Bootstrapped
) -> None:
    run = Operation(company.company_id)
    first = await once(services, caller, ASKED, "k", run)
    again = await once(services, caller, ASKED, "k", run)
    assert run.runs == 1
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers == {**first.headers, "idempotent-replayed": "true"}


async def test_another_request_under_the_same_key_is_refused_and_runs_nothing(
    services: Services, caller: Caller, company: Bootstrapped
) -> None:
    run = Operation(company.company_id)
    await once(services, caller, ASKED, "k", run)
    with pytest.raises(KeyReused):
        await once(services, caller, Fingerprint(b"another", ASKED.path), "k", run)
    assert run.runs == 1


async def test_a_repetition_while_the_first_one_runs_is_told_to_wait(
    services: Services, caller: Caller, company: Bootstrapped
) -> None:
    started, finish = asyncio.Event(), asyncio.Event()
    run = Operation(company.company_id)

    async def slowly(connection: Connection) -> Answer:
        started.set()
        await finish.wait()
        return await run(connection)

    first = asyncio.create_task(once(services, caller, ASKED, "k", slowly))
    await started.wait()
    with pytest.raises(Conflict) as refused:
        await once(services, caller, ASKED, "k", run)
    finish.set()
    assert refused.value.code == "idempotency-in-progress"
    answer = await first
    assert (await once(services, caller, ASKED, "k", run)).body == answer.body
    assert run.runs == 1


async def test_of_many_at_the_same_time_one_runs_and_the_others_get_its_answer_or_are_told_to_wait(
    services: Services, caller: Caller, company: Bootstrapped
) -> None:
    run = Operation(company.company_id)
    attempts = [once(services, caller, ASKED, "k", run) for _ in range(30)]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    answers = {result.body for result in results if isinstance(result, Answer)}
    refusals = {result.code for result in results if isinstance(result, SlotkeeperError)}
    assert run.runs == 1
    assert len(answers) == 1
    assert refusals <= {"idempotency-in-progress"}
    assert all(isinstance(result, Answer | Conflict) for result in results)


async def test_keys_of_two_callers_never_meet(services: Services, caller: Caller, company: Bootstrapped) -> None:
    run = Operation(company.company_id)
    colleague = msgspec.structs.replace(caller, user_id=uuid4())
    await once(services, caller, ASKED, "k", run)
    await once(services, colleague, ASKED, "k", run)
    await once(services, caller, ASKED, "another", run)
    assert run.runs == 3


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(Conflict("taken", code="slot-occupied"), id="409"),
        pytest.param(Forbidden("not yours"), id="403"),
    ],
)
async def test_a_decided_refusal_is_kept_and_its_writes_are_not(
    services: Services, caller: Caller, connection: Connection, company: Bootstrapped, error: SlotkeeperError
) -> None:
    run = Operation(company.company_id, error)
    first = await once(services, caller, ASKED, "k", run)
    again = await once(services, caller, ASKED, "k", Operation(company.company_id))
    assert (first.status, again.status) == (error.status, error.status)
    assert first.body == again.body
    assert msgspec.json.decode(first.body)["instance"] == ASKED.path
    assert await name_of(connection, company) == "Praxis Dr. Weiß"


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(Malformed("wrong"), id="400"),
        pytest.param(Unauthenticated("who?"), id="401"),
        pytest.param(Unavailable("later"), id="503"),
        pytest.param(psycopg.errors.SerializationFailure(), id="a database error to be tried again"),
        pytest.param(ZeroDivisionError(), id="a defect"),
    ],
)
async def test_what_the_state_did_not_decide_is_not_kept(
    services: Services, caller: Caller, connection: Connection, company: Bootstrapped, error: Exception
) -> None:
    with pytest.raises(type(error)):
        await once(services, caller, ASKED, "k", Operation(company.company_id, error))
    assert await name_of(connection, company) == "Praxis Dr. Weiß"
    assert (await once(services, caller, ASKED, "k", Operation(company.company_id))).status == 200


async def test_after_a_day_a_key_is_new_again(
    database_url: str, services: Services, caller: Caller, company: Bootstrapped
) -> None:
    settings = Settings(database_url=database_url, secret_key=TEST_SECRET_KEY)
    next_day = Services(settings=settings, clock=lambda: NOW + LIFETIME + timedelta(seconds=1))
    other = Fingerprint(b"another", ASKED.path)
    await once(services, caller, ASKED, "k", Operation(company.company_id))
    run = Operation(company.company_id)
    async with next_day.pool:
        await once(next_day, caller, other, "k", run)
        await once(next_day, caller, other, "k", run)
    assert run.runs == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "ü", "\x7f", "x" * 256])
def test_a_key_that_is_not_visible_ascii_is_malformed_and_named(key: str) -> None:
    with pytest.raises(Malformed) as refused:
        require_visible(key)
    assert refused.value.errors[0].field == "Idempotency-Key"


@pytest.mark.parametrize("key", [None, "x", "x" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
def test_any_other_key_is_taken(key: str | None) -> None:
    assert require_visible(key) is None  # type: ignore[func-returns-value] # it answers by not raising


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        pytest.param(("/test/shift/1", b'{"a":1,"b":2}'), ("/test/shift/1", b'{ "b": 2, "a": 1 }'), True, id="order"),
        pytest.param(("/x?a=1&b=2", b""), ("/x?b=2&a=1", b""), True, id="order of the query"),
        pytest.param(("/x", b'{"a":1}'), ("/x", b'{"a":2}'), False, id="another value"),
        pytest.param(("/x", b'{"a":1}'), ("/y", b'{"a":1}'), False, id="another path"),
        pytest.param(("/x?a=1", b""), ("/x?a=2", b""), False, id="another query"),
        pytest.param(("/x", b""), ("/x", b"null"), False, id="null is not nothing"),
    ],
)
async def test_requests_are_the_same_when_they_ask_for_the_same(
    client: httpx.AsyncClient, first: tuple[str, bytes], second: tuple[str, bytes], same: bool
) -> None:
    answers = [(await client.post(f"/fingerprint{path}", content=body)).text for path, body in (first, second)]
    assert (answers[0] == answers[1]) is same
