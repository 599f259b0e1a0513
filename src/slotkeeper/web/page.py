"""A page as people get it: without scripts, without anything from elsewhere, in their language."""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Response
from markupsafe import Markup, escape

from slotkeeper.emails.language import translations

BY_SECRET: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""For a page whose address is a secret: it is not kept, not sent on, and not indexed."""

_STYLE = files("slotkeeper.web").joinpath("templates", "style.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_CODE = re.compile("`([^`]*)`")


def page(
    template: str,
    locale: Locale,
    *,
    status: int = 200,
    headers: Mapping[str, str] = BY_SECRET,
    form_action: str = "'none'",
    **values: object,
) -> Response[str]:
    """``form_action``: where the page's form may lead (CSP 3), redirects of the answer included."""
    language = str(locale).replace("_", "-")
    body = _environment(locale.language).get_template(template).render(language=language, **values)
    policy = {"Content-Security-Policy": _policy(form_action), "X-Content-Type-Options": "nosniff"}
    return Response(
        body,
        media_type=MediaType.HTML,
        status_code=status,
        headers={**headers, **policy, "Content-Language": language, "Vary": "Accept-Language"},
    )


def see_other(location: str) -> Response[str]:
    """To a page, after a form was sent."""
    return Response("", status_code=303, headers={**BY_SECRET, "Location": location})


def _policy(form_action: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{_STYLE_HASH}'",
            "img-src data:",
            f"form-action {form_action}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


@lru_cache(maxsize=16)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("slotkeeper.web"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = Markup(_STYLE)  # noqa: S704 - a file of this package
    environment.filters["sentence"] = _sentence
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined] # added by the extension
    return environment


def _sentence(text: str) -> Markup:
    """With a capital and a full stop; words between backticks set as code."""
    whole = f"{text[:1].upper()}{text[1:]}."
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(whole))))  # noqa: S704 - escaped in the same line
