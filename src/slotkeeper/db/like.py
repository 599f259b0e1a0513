"""Patterns for ``ILIKE``, in which the text stands for itself."""


def containing(text: str) -> str:
    return f"%{_literal(text)}%"


def beginning(text: str) -> str:
    return f"{_literal(text)}%"


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
