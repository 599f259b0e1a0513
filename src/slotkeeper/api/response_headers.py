"""The headers that answers carry, written into the OpenAPI document.

Litestar describes the headers of a handler's own answer only, and not of those under ``responses``. What an operation
sends follows from what it takes, so the rules stand here once, and a new operation is described by them as well.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from litestar.datastructures import ResponseHeader

from slotkeeper.api.idempotency import KEPT

ETAG = ResponseHeader(
    name="ETag",
    description="Its version; `If-Match` with it changes that version only",
    documentation_only=True,
    value="",  # makes it a string in the document
)
_REPLAYED = "`true` on an answer that an earlier request with this `Idempotency-Key` got already"
_RETRY_AFTER = "Seconds to wait before the same request is sent again"
_AUTHENTICATE = "`Bearer`"
_TOO_EARLY = ("429", "503")


def with_response_headers(document: Mapping[str, Any]) -> dict[str, Any]:
    paths = {path: _described(item) for path, item in document["paths"].items()}
    return {**document, "paths": paths}


def _described(item: Mapping[str, Any]) -> dict[str, Any]:
    return {method: _with_headers(operation) for method, operation in item.items()}


def _with_headers(operation: Mapping[str, Any]) -> dict[str, Any]:
    takes = {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "header"}
    answers = {
        status: _with(answer, dict(_headers(status, takes))) for status, answer in operation["responses"].items()
    }
    return {**operation, "responses": answers}


def _with(answer: Mapping[str, Any], headers: Mapping[str, Any]) -> dict[str, Any]:
    return {**answer, "headers": {**answer.get("headers", {}), **headers}} if headers else dict(answer)


def _headers(status: str, takes: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    succeeded = status.startswith("2")
    if succeeded and "If-Match" in takes:
        yield "ETag", _header(str(ETAG.description))
    if "Idempotency-Key" in takes and (succeeded or int(status) in KEPT):
        yield "Idempotent-Replayed", _header(_REPLAYED)
    if status in _TOO_EARLY:
        yield "Retry-After", _header(_RETRY_AFTER)
    if status == "401":
        yield "WWW-Authenticate", _header(_AUTHENTICATE)


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}
