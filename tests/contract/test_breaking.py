"""Each rule with a change that breaks it, and the same change where it breaks nobody."""

from copy import deepcopy
from typing import Any

import pytest

from .breaking import breaking_changes

ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
PAGE = {"name": "page", "in": "query", "required": False, "schema": {"type": "integer", "maximum": 100}}
KIND = {"type": "string", "enum": ["a", "b"]}
TREE = {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Tree"}}}


def document(sent: Any, answered: Any) -> dict[str, Any]:
    operation = {
        "parameters": [ID, PAGE],
        "requestBody": {"required": True, "content": {"application/json": {"schema": sent}}},
        "responses": {"200": {"content": {"application/json": {"schema": answered}}}, "404": {}},
        "security": [{"JWT": []}, {}],
    }
    hook = {"requestBody": {"content": {"application/json": {"schema": answered}}}}
    schemas = {"Kind": KIND, "Tree": TREE}
    return {
        "paths": {"/x/{id}": {"post": operation, "get": {"responses": {"200": {}}}}},
        "webhooks": {"happened": {"post": hook}},
        "components": {"schemas": schemas},
    }


NAME = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}


def changed(path: str, value: Any = None) -> dict[str, Any]:
    """The document with one thing replaced, or taken away."""
    after = deepcopy(document(NAME, NAME))
    *steps, last = path.split(" ")
    inner: Any = after
    for step in steps:
        inner = inner[int(step) if step.isdigit() and isinstance(inner, list) else step]
    key: Any = int(last) if isinstance(inner, list) else last
    if value is None:
        del inner[key]
    else:
        inner[key] = value
    return after


POST = "paths /x/{id} post"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        pytest.param("paths /x/{id}", None, "POST /x/{id}: the operation is gone", id="path"),
        pytest.param("paths /x/{id} get", None, "GET /x/{id}: the operation is gone", id="operation"),
        pytest.param("webhooks happened", None, "webhook happened: is no longer sent", id="webhook"),
        pytest.param(f"{POST} parameters 1", None, "POST /x/{id}: the parameter page is gone", id="parameter"),
        pytest.param(
            f"{POST} parameters 1 required",
            True,
            "POST /x/{id}: the parameter page is required",
            id="required",
        ),
        pytest.param(f"{POST} parameters 1 schema maximum", 50, "POST /x/{id} page: maximum is 50", id="its bound"),
        pytest.param(f"{POST} requestBody", None, "POST /x/{id} body: is no longer read", id="body"),
        pytest.param(
            f"{POST} requestBody content",
            {"text/plain": {}},
            "POST /x/{id} body: application/json is gone",
            id="its type",
        ),
        pytest.param(
            "paths /x/{id} get requestBody", {"required": True}, "GET /x/{id} body: is required", id="required body"
        ),
        pytest.param(
            f"{POST} responses", {"201": {}}, "POST /x/{id}: 200 is no longer answered", id="successful answer"
        ),
        pytest.param(f"{POST} security", [{"JWT": []}], "POST /x/{id}: asks for a credential", id="no credential"),
    ],
)
def test_what_is_taken_from_an_operation_breaks_its_clients(path: str, value: Any, said: str) -> None:
    assert said in breaking_changes(document(NAME, NAME), changed(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("paths /y", {"get": {"responses": {}}}, id="path"),
        pytest.param("paths /x/{id} delete", {"responses": {}}, id="operation"),
        pytest.param("webhooks again", {"post": {}}, id="webhook"),
        pytest.param(f"{POST} parameters 1 schema", {"type": "integer"}, id="bound taken away"),
        pytest.param(f"{POST} parameters 1", {**PAGE, "schema": {"type": "number"}}, id="wider type"),
        pytest.param(f"{POST} requestBody required", False, id="body that may be absent"),
        pytest.param(f"{POST} responses 404", None, id="refusal taken away"),
        pytest.param(f"{POST} responses 409", {}, id="refusal"),
        pytest.param("paths /x/{id} get security", [{}], id="no credential needed"),
    ],
)
def test_what_is_added_to_an_operation_breaks_nobody(path: str, value: Any) -> None:
    assert breaking_changes(document(NAME, NAME), changed(path, value)) == []


def of(schema: Any, *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"m": schema}, "required": list(required)}


TEXT = {"type": "string"}
OR_NULL = {"oneOf": [TEXT, {"type": "null"}]}
REF = {"$ref": "#/components/schemas/Kind"}


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        pytest.param(of(TEXT), of({"type": "integer"}), {"sent", "answered"}, id="another type"),
        pytest.param(of({"type": "number"}), of({"type": "integer"}), {"sent"}, id="integer instead of number"),
        pytest.param(of({"type": "integer"}), of({"type": "number"}), {"answered"}, id="number instead of integer"),
        pytest.param(of(OR_NULL), of(TEXT), {"sent"}, id="no null"),
        pytest.param(of(TEXT), of(OR_NULL), {"answered"}, id="null"),
        pytest.param(of({"type": ["string", "null"]}), of(OR_NULL), set(), id="null written in another way"),
        pytest.param(of(TEXT), of({"type": ["string", "null"]}), {"answered"}, id="null in a list of types"),
        pytest.param(of(TEXT), of({}), {"answered"}, id="any value"),
        pytest.param(of({}), of(TEXT), {"sent"}, id="text instead of any value"),
        pytest.param(of(TEXT), {"type": "object", "properties": {}}, {"sent", "answered"}, id="member gone"),
        pytest.param({"type": "object", "properties": {}}, of(TEXT), set(), id="new member"),
        pytest.param(of(TEXT), of(TEXT, "m"), {"sent"}, id="required"),
        pytest.param(of(TEXT, "m"), of(TEXT), {"answered"}, id="no longer required"),
        pytest.param(of(REF), of({**KIND, "enum": ["a"]}), {"sent"}, id="value gone"),
        pytest.param(of(REF), of({**KIND, "enum": ["a", "b", "c"]}), set(), id="new value"),
        pytest.param(of(TEXT), of(REF), {"sent"}, id="values instead of any text"),
        pytest.param(of(REF), of(TEXT), set(), id="any text instead of values"),
        pytest.param(of({"const": 1, "type": "integer"}), of({"const": 2, "type": "integer"}), {"sent"}, id="constant"),
        pytest.param(of(TEXT), of({**TEXT, "format": "uuid"}), {"sent"}, id="format"),
        pytest.param(of({**TEXT, "format": "uuid"}), of(TEXT), {"answered"}, id="no format"),
        pytest.param(of(TEXT), of({**TEXT, "pattern": "x"}), {"sent"}, id="pattern"),
        pytest.param(of({**TEXT, "pattern": "x"}), of(TEXT), set(), id="no pattern"),
        pytest.param(of(TEXT), of({**TEXT, "maxLength": 5}), {"sent"}, id="length"),
        pytest.param(of({**TEXT, "maxLength": 5}), of({**TEXT, "maxLength": 9}), set(), id="more length"),
        pytest.param(of(TEXT), of({**TEXT, "minLength": 1}), {"sent"}, id="least length"),
        pytest.param(of(TEXT), of({**TEXT, "minLength": 0}), set(), id="least length of nothing"),
        pytest.param(
            of({"type": "array", "items": TEXT}), of({"type": "array", "items": OR_NULL}), {"answered"}, id="items"
        ),
        pytest.param(
            of({"type": "object", "additionalProperties": OR_NULL}),
            of({"type": "object", "additionalProperties": TEXT}),
            {"sent"},
            id="values of a map",
        ),
        pytest.param(of({"$ref": "#/components/schemas/Tree"}), of(TREE), set(), id="a schema within itself"),
    ],
)
def test_a_schema_may_take_more_and_answer_more_exactly(old: Any, new: Any, broken: set[str]) -> None:
    found = {
        "sent": breaking_changes(document(old, NAME), document(new, NAME)),
        "answered": breaking_changes(document(NAME, old), document(NAME, new)),
    }
    assert {direction for direction, changes in found.items() if changes} == broken


def test_the_sentence_names_the_member() -> None:
    changes = breaking_changes(document(of(of(TEXT)), NAME), document(of(of({"type": "boolean"})), NAME))
    assert changes == ["POST /x/{id} body.m.m: no longer takes string"]
