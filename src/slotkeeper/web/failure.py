"""What people see instead of a page that cannot be shown, in the language of their browser."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from slotkeeper.errors import SlotkeeperError, TooManyRequests
from slotkeeper.web.accept_language import preferred
from slotkeeper.web.page import BY_SECRET, page

Answering = Callable[[Request[Any, Any, Any], Exception], Response[Any]]
"""An exception handler of Litestar's."""

_TOLD = {
    "one-time-link-used": "link_used",
    "one-time-link-expired": "link_expired",
    "too-many-requests": "too_many",
}
"""What has a page of its own, by code."""
_log = logging.getLogger(__name__)


def failure_page(request: Request[Any, Any, Any], exception: Exception) -> Response[str]:
    """Litestar's exception handler for the routes of pages."""
    status, message = _status(exception), _TOLD.get(getattr(exception, "code", ""), "not_found")
    if status == 503:
        _log.warning("something that we need did not answer: %s", exception)
        message = "unavailable"
    elif status >= 500:
        _log.error("%s %s failed", request.method, request.scope["route_handler"].handler_name, exc_info=exception)
        message = "broken"
    locale = preferred(request.headers.get("accept-language"))
    return page("message.html", locale, status=status, headers=_headers(exception), message=message, back=None)


def page_or(problem: Answering) -> Answering:
    """A page for whoever asks for one, else ``problem``: programs look here too, for what we do not have."""

    def failure(request: Request[Any, Any, Any], exception: Exception) -> Response[Any]:
        wants_page = MediaType.HTML.value in request.headers.get("accept", "")
        return (failure_page if wants_page else problem)(request, exception)

    return failure


def _headers(exception: Exception) -> Mapping[str, str]:
    if isinstance(exception, TooManyRequests):
        return {**BY_SECRET, "Retry-After": str(exception.retry_after)}
    return BY_SECRET


def _status(exception: Exception) -> int:
    if isinstance(exception, psycopg.OperationalError):
        return 503
    if isinstance(exception, SlotkeeperError):
        return exception.status
    return exception.status_code if isinstance(exception, HTTPException) else 500
