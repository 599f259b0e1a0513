"""The document as the app serves it, and as it was released."""

import json
from pathlib import Path
from typing import Any

import httpx

from slotkeeper.main import create_app
from slotkeeper.settings import Settings

RELEASED = Path(__file__).parents[2] / "docs" / "openapi.json"


async def served_document() -> dict[str, Any]:
    """As served; that takes no database."""
    transport = httpx.ASGITransport(create_app(Settings(database_url="", secret_key="none")))  # type: ignore[arg-type] # its own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        found: dict[str, Any] = (await client.get("/openapi.json")).json()
        return found


def released_document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RELEASED.read_text(encoding="utf-8"))
    return found


def as_released(document: dict[str, Any]) -> str:
    """A line for each operation and each schema, so that a change of one is a change of one line."""
    return f"{_laid_out(document, levels=3)}\n"


def _laid_out(value: Any, levels: int) -> str:
    if levels == 0 or not isinstance(value, dict):
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    members = (f"{json.dumps(name)}: {_laid_out(value[name], levels - 1)}" for name in sorted(value))
    return "{\n" + ",\n".join(members) + "\n}"
