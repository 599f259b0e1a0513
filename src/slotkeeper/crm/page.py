"""Pages that count from 1, and the statement that reads one of them."""

from collections.abc import Sequence
from typing import Literal

import msgspec

SortOrder = Literal["ASC", "DESC"]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    number: int = 1
    limit: int = 50

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.limit

    def pages(self, total: int) -> int:
        """How many pages ``total`` rows fill."""
        return -(-total // self.limit)


def page_sql(*, table: str, alias: str, joins: str, where: Sequence[str], order: str, document: str) -> str:
    """Selects ``{"total": …, "rows": […]}``. Everything is a constant of this package; values are parameters.

    The page is found on the index alone; documents are made for its rows only.
    """
    conditions = " AND ".join(where)
    return f"""
        SELECT json_build_object(
            'total', (SELECT count(*) FROM {table} {alias} WHERE {conditions}),
            'rows', (
                SELECT coalesce(json_agg({document} ORDER BY page.place), '[]')
                FROM (
                    SELECT {alias}.company_id, {alias}.id, row_number() OVER (ORDER BY {order}) AS place
                    FROM {table} {alias} WHERE {conditions}
                    ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
                ) page
                JOIN {table} {alias} ON {alias}.company_id = page.company_id AND {alias}.id = page.id
                {joins}
            )
        )::text
    """
