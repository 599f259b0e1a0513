"""docs/invariants.md names, for each promise, a test that exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROWS = [
    (int(number), path, name)
    for number, path, name in re.findall(
        r"^\| (\d+) \| .+ \| `(.+\.py)::(\w+)` \|$", (ROOT / "docs" / "invariants.md").read_text(), re.MULTILINE
    )
]
PROMISED = set(range(1, 42))


def test_every_row_of_the_table_is_read_and_every_promised_number_has_one() -> None:
    table = (ROOT / "docs" / "invariants.md").read_text()
    assert len(ROWS) == len(re.findall(r"^\| *\d+ *\|", table, re.MULTILINE))
    assert [number for number, _, _ in ROWS] == sorted(number for number, _, _ in ROWS)
    assert PROMISED - {number for number, _, _ in ROWS} == set()


@pytest.mark.parametrize(("path", "name"), [pytest.param(path, name, id=f"{n}: {name}") for n, path, name in ROWS])
def test_every_test_that_the_table_names_exists(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text())
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name in functions
