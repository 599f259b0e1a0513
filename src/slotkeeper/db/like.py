"""Patterns for ``ILIKE``."""


def containing(text: str) -> str:
    """Matches whatever contains ``text``, literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
