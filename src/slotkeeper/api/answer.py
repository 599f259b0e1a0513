"""An answer in bytes, so that it can be kept and given again exactly."""

from collections.abc import Mapping

import msgspec
from litestar import Response

JSON = "application/json"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """``headers`` have lower-case names, the content type among them."""

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""

    @classmethod
    def json(cls, content: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> "Answer":
        return cls(status=status, headers={"content-type": JSON, **(headers or {})}, body=msgspec.json.encode(content))

    def response(self) -> Response[bytes]:
        headers = dict(self.headers)
        return Response(
            self.body, status_code=self.status, media_type=headers.pop("content-type", None), headers=headers
        )
