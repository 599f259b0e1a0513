"""Which differences between two OpenAPI documents break clients that were written against the older one. Pure.

What clients send must be taken as before; what they are sent must be what they expect, or more of it. Unknown members
of a body are ignored, and values may be added to an enum that is answered.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from tests.contract.narrowed import narrowed
from tests.contract.schemas import Document

Direction = Literal["sent", "answered"]
METHODS = ("get", "post", "put", "patch", "delete")


def breaking_changes(released: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """One sentence each, beginning with where."""
    return list(_breaking(Document(released), Document(now)))


def _breaking(released: Document, now: Document) -> Iterator[str]:
    for path, item in released.content["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            where = f"{method.upper()} {path}"
            if method not in now.content["paths"].get(path, {}):
                yield f"{where}: the operation is gone"
            else:
                yield from _operation(where, released, item[method], now, now.content["paths"][path][method])
    for name, item in released.content.get("webhooks", {}).items():
        if name not in now.content.get("webhooks", {}):
            yield f"webhook {name}: is no longer sent"
        else:
            new = now.content["webhooks"][name]["post"]["requestBody"]
            yield from _content(f"webhook {name}", released, item["post"]["requestBody"], now, new, "answered")


def _operation(where: str, released: Document, old: Any, now: Document, new: Any) -> Iterator[str]:
    yield from _parameters(where, released, old, now, new)
    yield from _body(f"{where} body", released, old.get("requestBody"), now, new.get("requestBody"))
    if {} in old.get("security", ()) and {} not in new.get("security", ()):
        yield f"{where}: asks for a credential"
    for status, answer in old["responses"].items():
        if not status.startswith("2"):
            continue
        if status not in new["responses"]:
            yield f"{where}: {status} is no longer answered"
        else:
            yield from _content(f"{where} {status}", released, answer, now, new["responses"][status], "answered")


def _parameters(where: str, released: Document, old: Any, now: Document, new: Any) -> Iterator[str]:
    before, after = (_by_name(operation) for operation in (old, new))
    for key, parameter in after.items():
        if parameter.get("required") and not before.get(key, {}).get("required"):
            yield f"{where}: the parameter {key[1]} is required"
    for key, parameter in before.items():
        if key not in after:
            yield f"{where}: the parameter {key[1]} is gone"
        else:
            schemas = (parameter.get("schema", {}), after[key].get("schema", {}))
            yield from narrowed(f"{where} {key[1]}", released, schemas[0], now, schemas[1], "sent")


def _by_name(operation: Any) -> dict[tuple[str, str], Any]:
    return {(each["in"], each["name"]): each for each in operation.get("parameters", ())}


def _body(where: str, released: Document, old: Any, now: Document, new: Any) -> Iterator[str]:
    if new and new.get("required") and not (old and old.get("required")):
        yield f"{where}: is required"
    if old and not new:
        yield f"{where}: is no longer read"
    if old and new:
        yield from _content(where, released, old, now, new, "sent")


def _content(where: str, released: Document, old: Any, now: Document, new: Any, direction: Direction) -> Iterator[str]:
    for media_type, content in old.get("content", {}).items():
        if media_type not in new.get("content", {}):
            yield f"{where}: {media_type} is gone"
        else:
            schema = new["content"][media_type].get("schema", {})
            yield from narrowed(where, released, content.get("schema", {}), now, schema, direction)
