"""Bodies and parameters as clients send them: JSON decoded strictly into the handler's ``data``, faults named by field.

Unknown fields are ignored, as clients of this API send some; whatever is known must have its exact type.
"""

import re
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

import msgspec
from litestar import Request
from litestar.dto import AbstractDTO, DTOFieldDefinition
from litestar.exceptions import HTTPException
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from slotkeeper.errors import FieldError, Malformed, WrongContentType

MAX_BODY = 256 * 1024
"""Bytes."""
MAX_DEPTH = 64
"""Objects and arrays inside each other; PostgreSQL and Python would both give up at some depth, later."""
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

Instant = Annotated[datetime, msgspec.Meta(tz=True, description="RFC 3339, with a zone and whole seconds")]
"""An instant in a body; pass it through ``instant`` before use."""
Reason = Annotated[str, msgspec.Meta(max_length=500)]
"""Why somebody changes an appointment, told to whom it concerns."""

_ZONE_MISSING = "must be ISO 8601 with a zone, such as 2026-03-10T14:00:00Z"
_FAULT = re.compile(r"(?P<what>.*?)(?: - at (?:`key` in )?`\$\.?(?P<path>.*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`")
_MISSING_PARAMETER = re.compile(r"Missing required \w+ parameter '(.+?)' for")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def instant(field: str, value: datetime) -> datetime:
    """``value`` in UTC. Raises ``Malformed`` for one without zone, outside 2000 to 2200, or with part of a second."""
    if value.tzinfo is None:
        raise Malformed.field(field, _ZONE_MISSING)
    if not EARLIEST <= value < LATEST:
        raise Malformed.field(field, "must lie between 2000 and 2200")
    if value.microsecond:
        raise Malformed.field(field, "must be a whole second")
    return value.astimezone(UTC)


def decode(decoder: "msgspec.json.Decoder[Any]", body: bytes) -> Any:
    """Raises ``Malformed`` naming the field. NUL is refused because PostgreSQL cannot store it."""
    if _NUL.search(body):
        raise Malformed("must not contain NUL characters")
    if _depth(body) > MAX_DEPTH:
        raise Malformed(f"must not be nested deeper than {MAX_DEPTH}")
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Malformed([_fault(str(error))]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed("must be valid JSON in UTF-8") from error


class JsonBody(AbstractDTO[Any]):
    """Litestar's way in for ``data``: replaces its lax conversion, in which ``"false"`` would be a boolean."""

    model_type = object
    _decoders: ClassVar[dict[str, "msgspec.json.Decoder[Any]"]] = {}

    @classmethod
    def create_for_field_definition(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,
        backend_cls: Any = None,  # noqa: ARG003 - its interface
    ) -> None:
        cls._decoders[handler_id] = msgspec.json.Decoder(field_definition.annotation)

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,  # noqa: ARG003 - its interface
        schema_creator: Any,
    ) -> Reference | Schema:
        schema: Reference | Schema = schema_creator.for_field_definition(field_definition)
        return schema

    def decode_bytes(self, value: bytes) -> Any:
        content_type = self.asgi_connection.headers.get("content-type", "application/json")
        if content_type.partition(";")[0].strip().lower() != "application/json":
            raise WrongContentType("the body must be application/json")
        return self.decode_json(value)

    def decode_json(self, value: bytes) -> Any:
        return decode(self._decoders[self.asgi_connection.route_handler.handler_id], value)

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Generator[DTOFieldDefinition, None, None]:
        raise NotImplementedError

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        raise NotImplementedError


def wrong_parameters(request: Request[Any, Any, Any], exception: HTTPException) -> Malformed:
    """Litestar's complaint about a path, query or header parameter or a missing body, in the API's own names."""
    if missing := _MISSING_PARAMETER.match(exception.detail):
        return Malformed.field(missing[1], "is required")
    faults = exception.extra if isinstance(exception.extra, list) else []
    return Malformed([_wrong_parameter(request, **fault) for fault in faults] or exception.detail)


def _wrong_parameter(request: Request[Any, Any, Any], *, key: str, message: str, **_: object) -> FieldError:
    if key == "data":
        return FieldError("body", "is required")
    field = request.route_handler.parsed_fn_signature.parameters.get(key)
    return FieldError(getattr(field and field.kwarg_definition, "name", None) or key, _sentence(message))


def _fault(text: str) -> FieldError:
    found = _FAULT.fullmatch(text)
    what, path = (found["what"], found["path"] or "") if found else (text, "")
    if missing := _MISSING.fullmatch(what):
        return FieldError(f"{path}.{missing[1]}".lstrip("."), "is required")
    return FieldError(path or "body", _sentence(what))


def _sentence(what: str) -> str:
    """msgspec's words as what follows a field's name: ``must be `int` >= 5``."""
    if "timezone component" in what or "RFC3339" in what:
        return _ZONE_MISSING
    what = what.replace("`", "")
    if what.startswith("Expected "):
        return f"must be {what.removeprefix('Expected ')}"
    if what.startswith("Invalid "):
        return f"is not a valid {what.removeprefix('Invalid ')}"
    return what


def _depth(body: bytes) -> int:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    for character in _STRING.sub(b"", body):
        if character in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in b"]}":
            depth -= 1
    return deepest
