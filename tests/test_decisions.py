"""What code and documents say was decided stands in a record."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_record_that_is_named_exists() -> None:
    files = [
        path
        for suffix in ("py", "sql", "md")
        for room in ("src", "docs")
        for path in (ROOT / room).rglob(f"*.{suffix}")
    ]
    named = {number for path in files for number in re.findall(r"(?:decisions?[/ ]|\]\()(\d{4})\b", path.read_text())}
    there = {path.name[:4] for path in (ROOT / "docs" / "decisions").iterdir()}
    assert {"0033", "0041"} <= named, "one stands there as a path, one as a link"
    assert named - there == set()
