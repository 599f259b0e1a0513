"""Lists in a query: the key repeated, or one value with commas, as clients do either."""

from collections.abc import Sequence


def listed(values: Sequence[str] | None) -> tuple[str, ...]:
    """Each once, in their order; empty ones are none."""
    parts = (part.strip() for value in values or () for part in value.split(","))
    return tuple(dict.fromkeys(filter(None, parts)))
