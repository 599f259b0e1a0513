"""Bodies that come as JSON or as a form: ``multipart/form-data`` of the same members, nested ones as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, ClassVar

import msgspec
from litestar.openapi.spec import Operation
from multipart import MultipartError, MultipartParser, parse_options_header

from slotkeeper.api.bodies import MAX_BODY, JsonBody, decode
from slotkeeper.errors import Malformed

FORM = "multipart/form-data"
_ANYTHING: "msgspec.json.Decoder[Any]" = msgspec.json.Decoder()


class JsonOrForm(JsonBody):
    """A form becomes the JSON that it stands for, and is decoded as strictly. Files and empty fields are ignored."""

    nested: ClassVar[frozenset[str]] = frozenset()
    """The members, as the body names them, whose fields hold JSON; all others are texts."""

    def decode_bytes(self, value: bytes) -> Any:
        media_type, options = parse_options_header(self.asgi_connection.headers.get("content-type", ""))
        if media_type != FORM:
            return super().decode_bytes(value)
        fields = dict(_fields(value, options.get("boundary", "")))
        members = {name: _json(name, text) if name in self.nested else text for name, text in fields.items()}
        return self.decode_json(msgspec.json.encode(members))


@dataclass
class TakesForms(Operation):
    """An operation whose body is described for both."""

    def __post_init__(self) -> None:
        content = getattr(self.request_body, "content", {})
        content[FORM] = content["application/json"]


def _fields(body: bytes, boundary: str) -> Iterator[tuple[str, str]]:
    """In memory: the body has been limited already. Raises ``Malformed``."""
    try:
        for part in MultipartParser(BytesIO(body), boundary, spool_limit=MAX_BODY):
            if not part.filename and part.size:
                yield part.name, part.raw.decode()
    except (MultipartError, ValueError) as error:
        raise Malformed(f"must be {FORM} with a boundary, its fields in UTF-8") from error


def _json(name: str, text: str) -> Any:
    try:
        return decode(_ANYTHING, text.encode())
    except Malformed as error:
        raise Malformed.field(name, error.errors[0].message) from error
