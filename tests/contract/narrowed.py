"""Does a schema take less than it did (of what is sent), or promise less (of what is answered)?"""

from collections.abc import Iterator
from typing import Any, Literal

from tests.contract.schemas import ANY, Document, Schema, type_fits, values

Direction = Literal["sent", "answered"]
_UPPER = ("maxLength", "maximum", "maxItems", "maxProperties", "exclusiveMaximum")
_LOWER = ("minLength", "minimum", "minItems", "minProperties", "exclusiveMinimum")
_LEAST = {"minLength": 0, "minItems": 0, "minProperties": 0}
_MOST_NESTED = 12
"""Levels: schemas that contain themselves end here."""


def narrowed(
    where: str, released: Document, old: Schema, now: Document, new: Schema, direction: Direction, depth: int = 0
) -> Iterator[str]:
    """A sentence for each way."""
    if depth > _MOST_NESTED or (released.content is now.content and old == new):
        return
    olds, news = released.alternatives(old), now.alternatives(new)
    for one in olds if direction == "sent" else news:
        others = news if direction == "sent" else olds
        alike = [other for other in others if type_fits(one["type"], other["type"])]
        if not alike:
            yield f"{where}: {'no longer takes' if direction == 'sent' else 'may be'} {_named(one)}"
            continue
        found = []
        for other in sorted(alike, key=lambda other: other.get("$name") != one.get("$name")):
            before, after = (one, other) if direction == "sent" else (other, one)
            found.append(list(_of_one_type(where, released, before, now, after, direction, depth)))
            if not found[-1]:
                break
        yield from min(found, key=len)


def _named(schema: Schema) -> str:
    return str(schema.get("$name") or schema["type"])


def _of_one_type(
    where: str, released: Document, old: Schema, now: Document, new: Schema, direction: Direction, depth: int
) -> Iterator[str]:
    if direction == "sent":
        yield from _values_and_bounds(where, old, new)
    elif old.get("format") not in (None, new.get("format")):
        yield f"{where}: the format {old['format']} is now {new.get('format')}"
    yield from _members(where, released, old, now, new, direction, depth)
    for inner in ("items", "additionalProperties"):
        before, after = (schema.get(inner) for schema in (old, new))
        if isinstance(before, dict) and isinstance(after, dict):
            yield from narrowed(f"{where}[]", released, before, now, after, direction, depth + 1)


def _values_and_bounds(where: str, old: Schema, new: Schema) -> Iterator[str]:
    if new["type"] == ANY:
        return
    allowed, before = values(new), values(old)
    if allowed is not None and before is None:
        yield f"{where}: takes only {', '.join(map(str, allowed))}"
    for gone in [value for value in before or () if allowed is not None and value not in allowed]:
        yield f"{where}: no longer takes {gone}"
    if before is None:
        yield from _bounds(where, old, new)


def _bounds(where: str, old: Schema, new: Schema) -> Iterator[str]:
    for name in ("format", "pattern"):
        if new.get(name) not in (None, old.get(name)):
            yield f"{where}: {name} is {new[name]}"
    for name in _UPPER:
        if name in new and new[name] < old.get(name, float("inf")):
            yield f"{where}: {name} is {new[name]}"
    for name in _LOWER:
        if name in new and new[name] > old.get(name, _LEAST.get(name, float("-inf"))):
            yield f"{where}: {name} is {new[name]}"


def _members(
    where: str, released: Document, old: Schema, now: Document, new: Schema, direction: Direction, depth: int
) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed, were_needed = set(new.get("required", ())), set(old.get("required", ()))
    if direction == "sent":
        yield from (f"{where}.{name}: is required" for name in sorted(needed - were_needed))
    else:
        yield from (f"{where}.{name}: may be missing" for name in sorted((were_needed - needed) & set(after)))
    for name, schema in before.items():
        if name in after:
            yield from narrowed(f"{where}.{name}", released, schema, now, after[name], direction, depth + 1)
        elif _is_closed(new):
            yield f"{where}.{name}: is gone"


def _is_closed(schema: Any) -> bool:
    """One that takes any object takes what it named before."""
    return schema["type"] == "object" and bool(schema.get("properties") or not schema.get("additionalProperties"))
