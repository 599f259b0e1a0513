"""What the ``type`` of a problem leads to (RFC 9457 section 3.1.1): a page for each code, and the list of them.

In English, like the codes: they are read by those who write clients.
"""

from typing import Any

from litestar import MediaType, Request, Response, Router, get
from litestar.params import FromPath

from slotkeeper.emails.language import locale_of
from slotkeeper.errors import NotFound
from slotkeeper.web.failure import failure_page
from slotkeeper.web.page import page
from slotkeeper.web.problem_catalogue import Entry, entries, entries_of

Code = FromPath[str]
_ENGLISH = locale_of("en")
_PUBLIC = {"Cache-Control": "public, max-age=3600"}


@get("/", media_type=MediaType.HTML, include_in_schema=False)
async def problem_list(request: Request[Any, Any, Any]) -> Response[str]:
    answers = [entry for entry in entries() if entry.status is not None]
    standstills = [entry for entry in entries() if entry.status is None]
    base = request.url.path.rstrip("/")
    return page("problems.html", _ENGLISH, headers=_PUBLIC, answers=answers, standstills=standstills, base=base)


@get("/{code:str}", media_type=MediaType.HTML, include_in_schema=False)
async def problem_page(code: Code) -> Response[str]:
    found: list[Entry] = entries_of(code)
    if not found:
        raise NotFound(f"there is no code {code}")
    return page("problem.html", _ENGLISH, headers=_PUBLIC, code=code, found=found)


ROUTER = Router("/problems", route_handlers=[problem_list, problem_page], exception_handlers={Exception: failure_page})
