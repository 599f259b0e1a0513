"""A search by words: each has to be somewhere in the text. Pure."""

from slotkeeper.db.like import containing

_MOST = 6


def matching(column: str, search: str) -> tuple[list[str], dict[str, object]]:
    """Conditions on ``column``, one per word, and their parameters. After six, the rest is one phrase."""
    words = search.split(maxsplit=_MOST - 1)
    params: dict[str, object] = {f"word{at}": containing(word) for at, word in enumerate(words)}
    return [f"{column} ILIKE %({name})s" for name in params], params
