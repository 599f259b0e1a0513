import pytest

from tests.support.desk import Desk
from tests.support.negotiation import Negotiation

from ..conftest import desk, other_desk

__all__ = ["desk", "other_desk"]


@pytest.fixture
async def talks(desk: Desk) -> Negotiation:
    return Negotiation(desk, await desk.book())
