import re
from pathlib import Path

import msgspec

from slotkeeper.settings import Settings, load_settings, variable_of

ROOT = Path(__file__).parents[2]
_IN_CODE = re.compile(r"SLOTKEEPER_[A-Z]+(?:_[A-Z]+)*")


def documented() -> dict[str, str]:
    """Each variable of the table, and its default as the table words it."""
    rows = [line.split("|") for line in (ROOT / "docs/configuration.md").read_text().splitlines() if "| `" in line]
    return {row[1].strip(" `"): row[2].strip(" `") for row in rows}


def test_every_variable_of_the_core_is_documented() -> None:
    assert {variable_of(field.name) for field in msgspec.structs.fields(Settings)} <= documented().keys()


def test_every_variable_that_the_code_names_is_documented_and_no_other() -> None:
    sources = [path for path in (ROOT / "src").rglob("*.py") if not path.name.startswith("test_")]
    named = {name for path in sources for name in _IN_CODE.findall(path.read_text())}
    core = {variable_of(field.name) for field in msgspec.structs.fields(Settings)}
    assert named | core == documented().keys()


def test_the_documented_defaults_are_those_of_the_code() -> None:
    settings = load_settings({"DATABASE_URL": "postgresql://", "SLOTKEEPER_SECRET_KEY": "k"})
    for name in ("database_pool_size", "worker_concurrency", "worker_heartbeat"):
        assert float(documented()[variable_of(name)]) == getattr(settings, name)
    assert documented()[variable_of("mail_from")] == settings.mail_from
