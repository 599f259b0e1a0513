"""The query of a request, before any parameter is read from it."""

from typing import Any

from litestar import Request

from slotkeeper.errors import Malformed


async def tidy_query(request: Request[Any, Any, Any]) -> None:
    """Before each request: parameters that are empty count as absent, as forms of clients send what nobody filled in.

    Raises ``Malformed`` for NUL: PostgreSQL cannot store it, so no query can mean it.
    """
    query: bytes = request.scope["query_string"]
    if b"%00" in query:
        raise Malformed.field("query", "must not contain NUL characters")
    if b"=&" in query or query.endswith(b"="):
        request.scope["query_string"] = b"&".join(part for part in query.split(b"&") if not _is_empty(part))


def _is_empty(part: bytes) -> bool:
    return part.find(b"=") == len(part) - 1
