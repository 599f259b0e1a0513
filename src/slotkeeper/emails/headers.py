"""Python's own header objects, without making the same ones anew in each message.

Measured: of 2.8 ms that it took to build and write a message, 1.7 went into a class per header and message, and into
parsing and folding MIME's own headers, which hold the same few words in all of them.
"""

from email.headerregistry import BaseHeader, HeaderRegistry
from email.policy import SMTP, Policy
from functools import lru_cache
from typing import Any


class FoldedOnce(BaseHeader):
    """A header that is used in many messages."""

    def fold(self, *, policy: Policy) -> str:
        """Generators clone their policy for each part: only what it says of folding tells policies apart."""
        manner = (policy.linesep, policy.max_line_length, policy.cte_type, getattr(policy, "utf8", False))
        folded: dict[tuple[object, ...], str] = self.__dict__.setdefault("_folded", {})
        if manner not in folded:
            folded[manner] = super().fold(policy=policy)
        return folded[manner]


class _Registry(HeaderRegistry):
    def __init__(self) -> None:
        super().__init__(base_class=FoldedOnce)
        self._class_of = lru_cache(super().__getitem__)
        self._made = lru_cache(super().__call__)

    def __getitem__(self, name: str) -> type[BaseHeader]:
        return self._class_of(name.lower())

    def __call__(self, name: str, value: Any) -> BaseHeader:
        if name.lower() in _ALIKE and isinstance(value, str):
            return self._made(name, value)
        return super().__call__(name, value)


_ALIKE = frozenset({
    "mime-version", "content-type", "content-transfer-encoding", "content-disposition", "auto-submitted"
})  # fmt: skip

POLICY = SMTP.clone(header_factory=_Registry())
"""For messages that are sent: lines end with CRLF."""
