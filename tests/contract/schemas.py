"""JSON schemas as lists of plain alternatives."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
ANY = "any value"


class Document:
    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content

    def alternatives(self, schema: Schema) -> list[Schema]:
        """Each without references and unions, and of one type; a bound beside a union is a bound of each."""
        return list(self._plain(schema))

    def _plain(self, schema: Schema) -> Iterator[Schema]:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            for each in self._plain(self.content["components"]["schemas"][name]):
                yield {**each, "$name": name}
            return
        union = schema.get("oneOf") or schema.get("anyOf")
        if union:
            beside = {name: value for name, value in schema.items() if name not in ("oneOf", "anyOf")}
            for member in union:
                for each in self._plain(member):
                    yield {**beside, **each}
            return
        types = schema.get("type", ANY)
        for one in types if isinstance(types, list) else [types]:
            yield {**schema, "type": one}


def type_fits(narrow: str, wide: str) -> bool:
    return wide in (narrow, ANY) or (narrow, wide) == ("integer", "number")


def values(schema: Schema) -> list[Any] | None:
    """What alone it may be; None: anything of its type."""
    return [schema["const"]] if "const" in schema else schema.get("enum")
