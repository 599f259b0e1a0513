"""A search by words: each has to be somewhere in the text. Pure."""

from slotkeeper.db.like import beginning, containing

_MOST = 6
_SHORT = 3


def matching(column: str, search: str) -> tuple[list[str], dict[str, object]]:
    """Conditions on ``column``, one per word, and their parameters. After six, the rest is one phrase.

    One or two letters have to begin a word: there is no index on what is shorter than a trigram.
    """
    conditions: list[str] = []
    params: dict[str, object] = {}
    for at, word in enumerate(search.split(maxsplit=_MOST - 1)):
        if len(word) >= _SHORT:
            conditions.append(f"{column} ILIKE %(word{at})s")
            params[f"word{at}"] = containing(word)
        else:
            conditions.append(f"({column} ILIKE %(first{at})s OR {column} ILIKE %(word{at})s)")
            params |= {f"first{at}": beginning(word), f"word{at}": containing(f" {word}")}
    return conditions, params
