"""Every error that slotkeeper answers with.

    SlotkeeperError
    ├── Malformed                 400  the request cannot be understood; names the fields
    ├── MissingHeader             400  a header that this credential needs
    ├── Unauthenticated           401  no credential, or one that is wrong, expired or revoked
    ├── Forbidden                 403  the caller is known and may not
    ├── NotFound                  404  unknown, or somebody else's: the answers are alike
    ├── LimitReached              406  the company has as many of these as it may (the API's own status)
    ├── Conflict                  409  the request is right and the state forbids it
    │   └── NotFree               409  the time cannot be booked; lists conflicts and suggestions
    ├── PreconditionFailed        412  If-Match names an older version
    ├── BodyTooLarge              413
    ├── WrongContentType          415
    ├── KeyReused                 422  an Idempotency-Key came back with another request
    ├── TooManyRequests           429  more than this caller may send at present
    └── Unavailable               503  something that we need does not answer; the same request may work soon

``code`` is the machine-readable name that travels as ``errorCode``; the catalogue is docs/errors.md.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import ClassVar
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field of a request; ``field`` is its path, such as ``attendee.email``."""

    field: str
    message: str


class ConflictDetail(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One reason why a time is not free: the rule, and what stands in the way (instants with offset).

    ``wanted``: which start it speaks against, where several were asked for.
    """

    rule: str
    host_id: UUID | None = None
    start: datetime
    end: datetime
    wanted: datetime | UnsetType = UNSET


class SlotkeeperError(Exception):
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal Server Error"
    code: str = "internal-error"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code


class Malformed(SlotkeeperError):
    status, title, code = 400, "Bad Request", "malformed-request"

    def __init__(self, errors: Sequence[FieldError] | str) -> None:
        self.errors = (FieldError("body", errors),) if isinstance(errors, str) else tuple(errors)
        super().__init__("; ".join(f"{e.field}: {e.message}" for e in self.errors))

    @classmethod
    def field(cls, field: str, message: str) -> "Malformed":
        return cls([FieldError(field, message)])


class MissingHeader(SlotkeeperError):
    status, title, code = 400, "Bad Request", "missing-header"


class Unauthenticated(SlotkeeperError):
    status, title, code = 401, "Unauthorized", "unauthorized"


class Forbidden(SlotkeeperError):
    status, title, code = 403, "Forbidden", "forbidden"


class NotFound(SlotkeeperError):
    status, title, code = 404, "Not Found", "not-found"


class LimitReached(SlotkeeperError):
    status, title, code = 406, "Not Acceptable", "limit-reached"


class Conflict(SlotkeeperError):
    status, title, code = 409, "Conflict", "conflict"


class NotFree(Conflict):
    """The time cannot be booked. ``code`` is the rule of the first conflict."""

    def __init__(
        self, detail: str, *, code: str, conflicts: Sequence[ConflictDetail], suggestions: Sequence[datetime] = ()
    ) -> None:
        super().__init__(detail, code=code)
        self.conflicts = tuple(conflicts)
        self.suggestions = tuple(suggestions)


class PreconditionFailed(SlotkeeperError):
    status, title, code = 412, "Precondition Failed", "precondition-failed"


class BodyTooLarge(SlotkeeperError):
    status, title, code = 413, "Payload Too Large", "body-too-large"


class WrongContentType(SlotkeeperError):
    status, title, code = 415, "Unsupported Media Type", "wrong-content-type"


class KeyReused(SlotkeeperError):
    status, title, code = 422, "Unprocessable Entity", "idempotency-key-reused"


class TooManyRequests(SlotkeeperError):
    """``wait`` is the time until the same request is answered."""

    status, title, code = 429, "Too Many Requests", "too-many-requests"

    def __init__(self, wait: timedelta) -> None:
        self.retry_after = ceil(wait / timedelta(seconds=1))
        super().__init__(f"too many requests; the next one is answered in {self.retry_after} s")


class Unavailable(SlotkeeperError):
    status, title, code = 503, "Service Unavailable", "unavailable"
