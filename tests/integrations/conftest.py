"""Private providers, installed for one test as a package installs them: by an entry point."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slotkeeper.integrations import registry

Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    def write(entry_point: str, line: str) -> None:
        package = tmp_path / "acme_slotkeeper-1.0.dist-info"
        package.mkdir()
        (package / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-slotkeeper\nVersion: 1.0\n")
        (package / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{entry_point} = {line}\n")
        monkeypatch.syspath_prepend(tmp_path)
        registry.providers.cache_clear()

    yield write
    monkeypatch.undo()
    registry.providers.cache_clear()
    registry.adapter.cache_clear()


@pytest.fixture
def acme(install: Install) -> None:
    install("calendar.acme", "tests.integrations.acme:AcmeCalendar")
