"""Every code that an error can carry, as docs/errors.md tells it: the package holds a link to that file.

A row of its tables is an entry; nothing else needs to be written down for a new code.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec

_ROW = re.compile(
    r"^\| (?:(?P<status>\dxx|\d{3}) \| )?`(?P<code>[a-z<>_-]+)` \| (?P<when>.+?) \| (?P<remedy>.+?) \|$", re.MULTILINE
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """``status`` is the answer's; None: the code stands in ``resolvableErrors`` and stops a consequence of a change.

    A code with ``<provider>`` stands for one of each provider. Words between backticks are code.
    """

    status: str | None
    code: str
    when: str
    remedy: str

    def explains(self, code: str) -> bool:
        pattern = re.escape(self.code).replace("<provider>", "[a-z][a-z0-9_-]*")
        return re.fullmatch(pattern, code) is not None


@cache
def entries() -> Sequence[Entry]:
    """In the order of the document."""
    document = files("slotkeeper.web").joinpath("errors.md").read_text(encoding="utf-8")
    return tuple(Entry(**row.groupdict()) for row in _ROW.finditer(document))


def entries_of(code: str) -> list[Entry]:
    """Several where it comes with several statuses, none for an unknown code."""
    return [entry for entry in entries() if entry.explains(code)]
