"""The languages that messages are written in: gettext catalogues under locale/, English in the templates themselves."""

from functools import lru_cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

_CATALOGUES = files("slotkeeper.emails") / "locale"
_ENGLISH = Locale("en")


def locale_of(language: str) -> Locale:
    """The locale of a tag such as ``de`` or ``de-AT``; English (``en``) where there is no catalogue for it."""
    try:
        locale = Locale.parse(language.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return _ENGLISH
    return locale if locale.language == "en" or _has_catalogue(locale.language) else _ENGLISH


@lru_cache(maxsize=64)
def translations(language: str) -> NullTranslations:
    """The catalogue of a language that ``locale_of`` gave, read from its .po: no build step to forget."""
    if language == "en":
        return NullTranslations()
    with (_CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


@lru_cache(maxsize=64)
def _has_catalogue(language: str) -> bool:
    return (_CATALOGUES / language).is_dir()
