from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.crm.cursor import Cursor, read, written
from slotkeeper.errors import Malformed


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_comes_back_as_it_was_given(occurred_at: datetime, entry_id: UUID) -> None:
    cursor = Cursor(occurred_at, entry_id)
    assert read(written(cursor)) == cursor


@pytest.mark.parametrize("text", ["", "x", "é", "bm90IGpzb24", "W10", "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwxXQ"])
def test_what_was_never_given_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="cursor: must be a nextCursor"):
        read(text)


def test_a_cursor_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(Malformed):
        read(written(Cursor(naive, UUID(int=1))))
