"""What people see instead of a page that cannot be shown, in the language of their browser."""

import logging
from typing import Any

import psycopg
from litestar import Request, Response
from litestar.exceptions import HTTPException

from slotkeeper.errors import NotFound
from slotkeeper.web.accept_language import preferred
from slotkeeper.web.page import page

_log = logging.getLogger(__name__)


def failure_page(request: Request[Any, Any, Any], exception: Exception) -> Response[str]:
    """Litestar's exception handler for the routes of pages."""
    locale = preferred(request.headers.get("accept-language"))
    if isinstance(exception, NotFound):
        return page("message.html", locale, status=404, message="not_found")
    if isinstance(exception, HTTPException) and exception.status_code < 500:
        return page("message.html", locale, status=exception.status_code, message="not_found")
    if isinstance(exception, psycopg.OperationalError):
        _log.warning("the database did not answer: %s", exception)
        return page("message.html", locale, status=503, message="unavailable")
    _log.error("%s %s failed", request.method, request.scope["route_handler"].handler_name, exc_info=exception)
    return page("message.html", locale, status=500, message="broken")
