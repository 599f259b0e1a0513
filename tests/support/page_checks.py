"""What makes a page usable, asked of the page as the browser shows it. Each returns what is wrong."""

from tests.support.browser import Browser

ACTIVE = "a[href], button, input:not([type=hidden]), select, textarea"
READABLE = 4.5
"""WCAG 2.2, 1.4.3: the contrast that text needs, whatever its size here."""
FINGER = 24
"""WCAG 2.2, 2.5.8: the pixels that something to touch needs; a link in a sentence is excepted."""


def too_wide(browser: Browser) -> list[str]:
    """What reaches beyond the window's edge, so that one has to scroll sideways."""
    return _said(browser, _TOO_WIDE)


def unreadable(browser: Browser) -> list[str]:
    return _said(browser, _UNREADABLE.replace("LEAST", str(READABLE)))


def too_small(browser: Browser) -> list[str]:
    return _said(browser, _TOO_SMALL.replace("ACTIVE", ACTIVE).replace("LEAST", str(FINGER)))


def from_elsewhere(browser: Browser) -> list[str]:
    """Everything that was loaded beside the page itself."""
    return _said(browser, "return performance.getEntriesByType('resource').map(r => r.name)")


def nameless(browser: Browser) -> list[str]:
    """What a screen reader could not call by a name."""
    return [element.tag_name for element in browser.find_all(ACTIVE) if not element.accessible_name.strip()]


def out_of_reach(browser: Browser) -> list[str]:
    """What the tab key does not come to, in the order of the page, or does not show to have come to."""
    wanted = [element.id for element in browser.find_all(ACTIVE)]
    reached = []
    for _ in wanted:
        focused = browser.tab()
        shown = focused.value_of_css_property("outline-style") != "none"
        reached.append(focused.id if shown else f"{focused.tag_name} without an outline")
    return [] if reached == wanted else [f"{wanted} expected, {reached} reached"]


def _said(browser: Browser, script: str) -> list[str]:
    said: list[str] = browser.ask(script)
    return said


_TOO_WIDE = """
return [...document.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0)
    .map(e => e.outerHTML.slice(0, 80))
"""

_TOO_SMALL = """
return [...document.querySelectorAll('ACTIVE')]
    .filter(e => getComputedStyle(e).display !== 'inline')
    .filter(e => e.getBoundingClientRect().height < LEAST || e.getBoundingClientRect().width < LEAST)
    .map(e => e.outerHTML.slice(0, 80))
"""

_UNREADABLE = """
const rgb = colour => colour.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
const ground = e => {
    for (; e; e = e.parentElement) {
        const [r, g, b, a = 1] = rgb(getComputedStyle(e).backgroundColor);
        if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
};
const contrast = e => {
    const [low, high] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
};
return [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(e => contrast(e) < LEAST)
    .map(e => `${contrast(e).toFixed(2)}: ${e.outerHTML.slice(0, 80)}`)
"""
