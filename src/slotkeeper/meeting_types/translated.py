"""One text in several languages: which of them is shown, and what a request makes of them. Pure."""

from collections.abc import Mapping

from msgspec import UNSET, UnsetType

from slotkeeper.records.language import Language

FALLBACK = "en"


def translated(
    shown: str, texts: Mapping[str, str], given: str | Mapping[Language, str | None] | UnsetType | None, language: str
) -> tuple[str, dict[str, str]]:
    """The text to show and all texts by language, after ``given``.

    A plain text is the one in ``language`` (the company's default), null none at all; an object changes the languages
    that it names and takes away those with null. Shown is the text in ``language``, else in English, else the first
    one by the language's code.
    """
    if given is UNSET:
        return shown, dict(texts)
    if given is None:
        return "", {}
    named = {language: given} if isinstance(given, str) else {str(code): text for code, text in given.items()}
    merged: dict[str, str | None] = {**(texts or {language: shown}), **named}
    after = {code: text for code, text in sorted(merged.items()) if text}
    return _shown(after, language), after


def _shown(texts: Mapping[str, str], language: str) -> str:
    return next((texts[code] for code in (language, FALLBACK, *texts) if code in texts), "")
