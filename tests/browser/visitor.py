"""A person at a browser, who goes to pages and presses what they see; each page is inspected."""

import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Locator, Page

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
"""What a dark scheme can change."""
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
WITHOUT_SCRIPTS: dict[str, Any] = {**PHONE, "java_script_enabled": False}
_SHOTS = os.environ.get("KEHOU_SHOTS", "")
"""A folder: every page that is inspected is also photographed into it."""
_SIDEWAYS = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
_AXE = "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
_TOKEN = re.compile(r'value="[\w.\-]{30,}"')
"""What differs between two copies of one page."""


@dataclass
class Atlas:
    """Which page routes have been seen, by endpoint."""

    routes: Any
    seen: set[str] = field(default_factory=set)
    inspected: set[tuple[str, str]] = field(default_factory=set)
    shots: int = 0

    def is_new(self, html: str, device: str) -> bool:
        """Tell whether a page, word for word, was not inspected on such a device before."""
        key = (hashlib.sha256(_TOKEN.sub("", html).encode()).hexdigest(), device)
        known = key in self.inspected
        self.inspected.add(key)
        return not known

    def note(self, url: str) -> str:
        """Enter the page at this address; return its endpoint."""
        path = re.sub(r"^\w+://[^/]+", "", url).partition("?")[0].partition("#")[0]
        endpoint = ""
        for method in ("GET", "POST"):
            if self.routes.test(path, method):
                endpoint = self.routes.match(path, method)[0]
                break
        self.seen.add(endpoint)
        return endpoint


@dataclass
class House:
    """A running Kehou: its address, the browser to visit it with, the pages seen.

    `rules` are what each page is held to by axe; None where how it is laid out is all that counts.
    """

    address: str
    browser: Browser
    atlas: Atlas
    rules: dict[str, Any] | None = field(default_factory=lambda: RULES)

    def visitor(self, device: dict[str, Any] | None = None, **more: Any) -> "Visitor":
        """Return somebody new, with no cookies."""
        settings = {"locale": "zh-CN", **(device or PHONE), **more}
        scripted = settings.get("java_script_enabled", True)
        context = self.browser.new_context(**settings)
        return Visitor(self, context, repr(settings), scripted=scripted)


class Visitor:
    """One person, with a browser of their own."""

    def __init__(
        self, house: House, context: BrowserContext, device: str = "", *, scripted: bool = True
    ) -> None:
        self.house = house
        self.context = context
        self.scripted = scripted
        self._device = device
        self._inspector: Page | None = None
        context.set_default_timeout(60_000)
        self.page: Page = context.new_page()

    def go(self, path: str) -> "Visitor":
        """Open an address of the house, or a whole one."""
        whole = path if "://" in path else self.house.address + path
        self.page.goto(whole)
        return self.look()

    def press(self, name: str, within: Locator | None = None) -> "Visitor":
        """Press the button whose words begin like this; wait for the page it leads to."""
        button = re.compile("^" + re.escape(name))
        return self._leave((within or self.page).get_by_role("button", name=button))

    def follow(self, name: str, within: Locator | None = None) -> "Visitor":
        """Follow the link whose words begin like this."""
        link = re.compile("^" + re.escape(name))
        return self._leave((within or self.page).get_by_role("link", name=link))

    def fill(self, label: str, text: str) -> None:
        """Write into the field of this label."""
        self.page.get_by_label(re.compile("^" + re.escape(label))).first.fill(text)

    def tick(self, *labels: str) -> None:
        """Choose the options of these labels."""
        for label in labels:
            self.page.get_by_label(label, exact=True).check()

    def reads(self, words: str) -> None:
        """Hold that these words stand on the page."""
        assert words in self.text(), f"{words!r} is not on {self.page.url}:\n{self.text()}"

    def does_not_read(self, words: str) -> None:
        """Hold that these words do not stand on the page."""
        assert words not in self.text(), f"{words!r} is on {self.page.url}"

    def text(self) -> str:
        """Return the visible words of the page's main part."""
        return self.page.locator("main").inner_text()

    def look(self) -> "Visitor":
        """Inspect a page not seen before: axe finds nothing, nothing scrolls sideways."""
        endpoint = self.house.atlas.note(self.page.url)
        if not self.house.atlas.is_new(self.page.content(), self._device):
            return self
        self._photograph(endpoint)
        seen = self.page if self.scripted else self._as_seen()
        if self.house.rules:
            assert violations(seen, self.house.rules) == []
        assert seen.evaluate(_SIDEWAYS) <= 0, f"{self.page.url} scrolls sideways"
        return self

    def close(self) -> None:
        """End this person's visit."""
        self.context.close()
        if self._inspector:
            self._inspector.context.close()

    def _leave(self, control: Locator) -> "Visitor":
        with self.page.expect_navigation():
            control.click()
        return self.look()

    def _as_seen(self) -> Page:
        """Return the same page where axe can run; the house's own script is left out of it."""
        if self._inspector is None:
            settings = {**WITHOUT_SCRIPTS, "java_script_enabled": True, "locale": "zh-CN"}
            self._inspector = self.house.browser.new_context(**settings).new_page()
            self._inspector.route("**/*forms.js*", lambda route: route.fulfill(body=""))
        page, address = self._inspector, self.page.url.partition("#")[0]
        html = self.page.content()
        page.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(address)
        page.unroute(address)
        return page

    def _photograph(self, endpoint: str) -> None:
        if _SHOTS:
            size = self.page.viewport_size or {"width": 0}
            self.house.atlas.shots += 1
            name = f"{size['width']}-{self.house.atlas.shots:03}-{endpoint or 'none'}.png"
            self.page.screenshot(path=Path(_SHOTS) / name, full_page=True)


def violations(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA, each with the elements it means."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(_AXE, rules)["violations"]
    return [
        f"{page.url} {one['id']}: {node['html']} {node.get('failureSummary', '')}"
        for one in found
        for node in one["nodes"]
    ]
