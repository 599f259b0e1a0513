"""What was released still holds: CI fails where a client of it would break."""

import json

from .breaking import breaking_changes
from .document import as_released, released_document, served_document


async def test_no_client_of_the_released_document_breaks() -> None:
    assert breaking_changes(released_document(), await served_document()) == []


async def test_every_schema_of_the_document_is_compared_with_itself_without_a_word() -> None:
    """And taking any operation away is noticed."""
    served = await served_document()
    assert breaking_changes(served, json.loads(json.dumps(served))) == []
    without = {**served, "paths": {path: item for path, item in served["paths"].items() if path != "/v4/booking"}}
    assert breaking_changes(served, without) == ["POST /v4/booking: the operation is gone"]


async def test_it_is_written_alike_however_it_is_ordered() -> None:
    served = await served_document()
    assert as_released(dict(reversed(served.items()))) == as_released(served)
    assert json.loads(as_released(served)) == served
