"""Every error as ``application/problem+json`` (RFC 9457), with the members that clients of the API parse beside them.

``message`` is what they show: the code of a refusal that the domain decided, a list of sentences for wrong fields
(as NestJS gives it), and the documented sentence for everything else.
"""

import logging
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
import psycopg
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotFoundException

from slotkeeper.api.answer import Answer
from slotkeeper.api.bodies import wrong_parameters
from slotkeeper.api.services import services_of
from slotkeeper.errors import (
    ConflictDetail,
    FieldError,
    Malformed,
    NotFree,
    SlotkeeperError,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)

PROBLEM_JSON = "application/problem+json"
_BY_CODE = frozenset({409, 412, 422})
"""Statuses whose ``message`` is the code (docs/errors.md)."""
_CODES = {
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "wrong-content-type",
    429: "too-many-requests",
}
_log = logging.getLogger(__name__)


class Problem(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An error answer; ``errorCode`` is the machine-readable name, explained in docs/errors.md."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    status_code: int
    message: str | tuple[str, ...]
    error: str
    error_code: str
    errors: tuple[FieldError, ...] = ()
    conflicts: tuple[ConflictDetail, ...] = ()
    suggestions: tuple[datetime, ...] = ()


def answer_problem(request: Request[Any, Any, Any], exception: Exception) -> Response[bytes]:
    """Litestar's exception handler for everything."""
    public_url = services_of(request.scope).settings.public_url
    if isinstance(exception, NotFoundException) and type(exception.__cause__) is ValueError:
        exception = Malformed.field("id", "must be a UUID")  # what Litestar says of a path like /{id:uuid}
    if isinstance(exception, HTTPException) and exception.status_code not in (400, 500):
        return _litestars(exception, public_url, request.url.path).response()
    return problem_answer(_known(request, exception), public_url, request.url.path).response()


def problem_answer(error: SlotkeeperError, public_url: str, path: str) -> Answer:
    """The answer that an error of ours is, also where it is kept for an Idempotency-Key."""
    problem = _problem(error.status, error.title, error.code, error.detail, public_url, path)
    if isinstance(error, Malformed):
        sentences = tuple(f"{wrong.field} {wrong.message}" for wrong in error.errors)
        problem = msgspec.structs.replace(problem, message=sentences, errors=error.errors)
    elif isinstance(error, NotFree):
        problem = msgspec.structs.replace(problem, conflicts=error.conflicts, suggestions=error.suggestions)
    elif isinstance(error, TooManyRequests):
        problem = msgspec.structs.replace(problem, message=error.title)
    return _answer(problem, _headers(error))


def _known(request: Request[Any, Any, Any], exception: Exception) -> SlotkeeperError:
    if isinstance(exception, SlotkeeperError):
        return exception
    if isinstance(exception, HTTPException) and exception.status_code == 400:
        return wrong_parameters(request, exception)
    if isinstance(exception, psycopg.OperationalError):
        _log.warning("the database did not answer: %s", exception)
        return Unavailable("the database does not answer at present")
    _log.error("%s %s failed", request.method, request.url.path, exc_info=exception)
    return SlotkeeperError("something went wrong on our side; it has been logged")


def _litestars(exception: HTTPException, public_url: str, path: str) -> Answer:
    title = exception.detail if exception.status_code != 404 else "Not Found"
    code = _CODES.get(exception.status_code, "bad-request")
    problem = _problem(exception.status_code, title, code, title, public_url, path)
    return _answer(problem, exception.headers or {})


def _problem(status: int, title: str, code: str, detail: str, public_url: str, path: str) -> Problem:
    return Problem(
        type=f"{public_url}/problems/{code}",
        title=title,
        status=status,
        detail=detail,
        instance=quote(path),
        status_code=status,
        message=code if status in _BY_CODE else detail,
        error=title,
        error_code=code,
    )


def _headers(error: SlotkeeperError) -> dict[str, str]:
    if isinstance(error, Unauthenticated):
        return {"www-authenticate": "Bearer"}
    if isinstance(error, TooManyRequests):
        return {"retry-after": str(error.retry_after)}
    return {"retry-after": "1"} if isinstance(error, Unavailable) else {}


def _answer(problem: Problem, headers: dict[str, str]) -> Answer:
    body = msgspec.json.encode(problem)
    return Answer(status=problem.status, headers={"content-type": PROBLEM_JSON, **headers}, body=body)
