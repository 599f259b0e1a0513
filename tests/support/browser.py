"""A real browser: Debian's Chromium, driven by the chromedriver of the same package (WebDriver, by Selenium).

from tests.support.browser import browser, chromium  # the fixtures

browser.open(url, language="de")
assert browser.text == "…"
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PROGRAMS = ("chromium", "chromedriver")
_PATIENCE = 20.0  # seconds
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Browser:
    """One tab. ``faults`` are what the console said since ``open``: errors, and what the page's policy forbade."""

    def __init__(self, driver: webdriver.Chrome, downloads: Path) -> None:
        self.driver = driver
        self.downloads = downloads

    def open(self, url: str, *, language: str = "en", width: int = 1024, height: int = 800, dark: bool = False) -> None:
        self._tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._tell("Emulation.setEmulatedMedia", features=[scheme])
        self._tell("Network.enable")
        self._tell("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
        self.driver.get(url)

    @property
    def text(self) -> str:
        return self.find("body").text

    @property
    def language(self) -> str:
        return str(self.find("html").get_attribute("lang"))

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def ask(self, script: str) -> Any:
        """What a script of the test's returns; the page's policy does not hold for it."""
        return self.driver.execute_script(script)

    def press(self, selector: str) -> None:
        """And wait for the page that it leads to."""
        self.leave(self.find(selector).click)

    def enter(self) -> None:
        """Press the key where the focus is, and wait for the page that it leads to."""
        self.leave(webdriver.ActionChains(self.driver).send_keys(Keys.ENTER).perform)

    def tab_to(self, selector: str) -> WebElement:
        """By the key alone, from where the focus is."""
        wanted = {element.id for element in self.find_all(selector)}
        focused = self.tab()
        while focused.id not in wanted:
            assert focused.tag_name != "body", f"the tab key does not come to {selector}"
            focused = self.tab()
        return focused

    def leave(self, act: Callable[[], None]) -> None:
        """Do what leads to another page, and wait for that."""
        self.ask("window.left = true")
        act()
        waiting = WebDriverWait(self.driver, _PATIENCE, ignored_exceptions=[WebDriverException])
        waiting.until(lambda _: self.ask("return !window.left && document.readyState === 'complete'"))

    def type(self, **fields: str) -> None:
        """Into inputs, by their ids, in place of what they hold."""
        for name, text in fields.items():
            self.find(f"#{name}").clear()
            self.find(f"#{name}").send_keys(text)

    def tab(self) -> WebElement:
        """What has the focus after one more press of the key."""
        webdriver.ActionChains(self.driver).send_keys(Keys.TAB).perform()
        return self.driver.switch_to.active_element

    def downloaded(self, name: str) -> bytes:
        """Once it is there whole: Chromium gives a file its name when it is."""
        file = self.downloads / name
        WebDriverWait(self.driver, _PATIENCE).until(lambda _: file.exists())
        return file.read_bytes()

    def faults(self) -> list[str]:
        """Empties the console. That a page itself was answered with 4xx is no fault of the page's."""
        entries = console(self.driver)
        own = self.driver.current_url
        return [
            entry["message"]
            for entry in entries
            if not (entry["source"] == "network" and entry["message"].startswith(f"{own} "))
        ]

    def _tell(self, command: str, **params: object) -> None:
        self.driver.execute_cdp_cmd(command, params)


def console(driver: webdriver.Chrome) -> list[dict[str, Any]]:
    """What it said since it was read last."""
    entries: list[dict[str, Any]] = driver.get_log("browser")  # type: ignore[no-untyped-call]  # selenium leaves it so
    return entries


@pytest.fixture(scope="session")
def chromium() -> Iterator[webdriver.Chrome]:
    """Started once per test process, which takes half a second."""
    if missing := [program for program in PROGRAMS if shutil.which(program) is None]:
        _left_out(f"no real browser: {' and '.join(missing)} missing; requirements/browser.sh tells how to install it")
    with tempfile.TemporaryDirectory(prefix="sk-chromium-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(shutil.which(PROGRAMS[0]))
        for argument in (*_ARGUMENTS, f"--user-data-dir={profile}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(options, Service(str(shutil.which(PROGRAMS[1]))))
        yield driver
        driver.quit()


@pytest.fixture
def browser(chromium: webdriver.Chrome, tmp_path: Path) -> Iterator[Browser]:
    """Without what earlier tests left; afterwards no page may have had a fault."""
    opened = Browser(chromium, tmp_path)
    opened._tell("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path), eventsEnabled=True)
    chromium.get("about:blank")
    chromium.delete_all_cookies()
    console(chromium)
    yield opened
    if faults := opened.faults():
        pytest.fail("\n".join(faults))


def _left_out(reason: str) -> None:
    """In CI that is a failure; at a desk the other tests are worth running."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
