"""Every code that the code base can raise is explained: in docs/errors.md, and so at ``/problems/{code}``."""

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import slotkeeper
from slotkeeper.api import problems
from slotkeeper.appointments import attendee_policy, verdict
from slotkeeper.errors import SlotkeeperError
from slotkeeper.jobs.outcomes import PersonMustAct
from slotkeeper.outbound.outcomes import ErrorCodes
from slotkeeper.side_effects.back_off import GIVEN_UP
from slotkeeper.web.problem_catalogue import entries, entries_of

ERRORS_MD = Path(__file__).parents[2] / "docs" / "errors.md"
CARRIES_CODES = (SlotkeeperError, PersonMustAct, ErrorCodes)
NAMES = {"code", "error_code", *ErrorCodes.__struct_fields__}
PASSED_ON = {
    "slotkeeper.appointments.series: taken.code",  # what booking one occurrence raised
    "slotkeeper.errors: code",  # the subclass's caller gives it
    "slotkeeper.appointments.attendee_policy: refusal.code",  # one of ``Code``
    "slotkeeper.appointments.verdict: _CODES.get(first, first)",  # the table below
    "slotkeeper.outbound.outcomes: _code(response.status, codes)",  # one of ErrorCodes
}
"""Codes that come from elsewhere, where they are found."""


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(slotkeeper.__path__, "slotkeeper."):
        name = found.name.rpartition(".")[2]
        if not name.startswith(("test_", "__main__")) and name != "conftest" and "migrations" not in found.name:
            yield import_module(found.name)


def expressions(module: ModuleType) -> Iterator[tuple[ast.expr, ast.AST]]:
    """What is handed to an error as its code, and the statement of the module that it stands in."""
    for around in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body:
        for call in [node for node in ast.walk(around) if isinstance(node, ast.Call) and makes_an_error(node, module)]:
            yield from ((keyword.value, around) for keyword in call.keywords if keyword.arg in NAMES)


def makes_an_error(call: ast.Call, module: ModuleType) -> bool:
    if isinstance(call.func, ast.Name):
        made = getattr(module, call.func.id, None)
        return inspect.isclass(made) and issubclass(made, CARRIES_CODES)
    return ast.unparse(call.func) == "super().__init__"


def values(expression: ast.expr, around: ast.AST, module: ModuleType) -> Iterator[str | None]:
    """The codes that an expression can be; None where that cannot be seen. A provider's name is ``anyone``."""
    match expression:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from values(expression.body, around, module)
            yield from values(expression.orelse, around, module)
        case ast.JoinedStr():
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "anyone" for v in expression.values)
        case ast.Name(id=name) if isinstance(getattr(module, name, None), str):
            yield getattr(module, name)
        case ast.Name(id=name) if given := assigned(name, around):
            yield from values(given, around, module)
        case _:
            yield None


def assigned(name: str, around: ast.AST) -> ast.expr | None:
    targets: dict[str, Any] = {
        ast.unparse(node.targets[0]): node.value for node in ast.walk(around) if isinstance(node, ast.Assign)
    }
    return targets.get(name)


def raised() -> Iterator[tuple[str, str | None]]:
    for module in modules():
        for expression, around in expressions(module):
            for code in values(expression, around, module):
                yield f"{module.__name__}: {ast.unparse(expression)}", code


def defaults() -> Iterator[str]:
    """Of the error classes themselves, and of the tables that make codes."""
    for made in (value for module in modules() for value in vars(module).values() if inspect.isclass(value)):
        if issubclass(made, SlotkeeperError):
            yield made.code
    yield from GIVEN_UP.values()
    yield from get_args(attendee_policy.Code)
    yield from (verdict._CODES.get(rule, rule) for rule in verdict._TITLES)
    yield from (*problems._CODES.values(), "bad-request")


def test_every_code_that_can_be_raised_is_explained() -> None:
    found = {code for _, code in raised() if code} | set(defaults())
    assert {"slot-occupied", "busy", "email_rejected", "crm_reconnect_anyone", "not-reschedulable"} <= found
    assert sorted(code for code in found if not entries_of(code)) == []


def test_no_code_is_made_where_the_walk_cannot_see_it() -> None:
    assert {where for where, code in raised() if code is None} <= PASSED_ON


def test_every_row_of_the_document_is_an_entry() -> None:
    rows = [line for line in ERRORS_MD.read_text().splitlines() if line.startswith("|") and "---" not in line]
    assert len(entries()) == len([row for row in rows if "`errorCode`" not in row])


def test_a_code_is_explained_once_per_status() -> None:
    known = [(entry.status, entry.code) for entry in entries()]
    assert len(known) == len(set(known))


def test_the_code_of_a_provider_is_explained_by_the_entry_of_all_providers() -> None:
    assert [entry.code for entry in entries_of("crm_rejected_hubspot")] == ["crm_rejected_<provider>"]
    assert entries_of("crm_rejected_") == entries_of("slot-occupied'") == entries_of(".*") == []
