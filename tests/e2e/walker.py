"""Hands on a browser: open a menu, fill, press, look, take a picture."""

from pathlib import Path

from playwright.sync_api import Page, expect


class Walker:
    """One person at one browser."""

    def __init__(self, page: Page, site: str, folder: Path, axe):
        self.page, self.site, self.folder, self.axe = page, site, folder, axe

    def menu(self, *labels: str) -> None:
        """Open a line of the left menu."""
        for label in labels:
            self.page.get_by_role("navigation", name="主菜单").get_by_role("link", name=label).first.click()
        expect(self.page.locator("h1")).to_contain_text(labels[-1])

    def press(self, name: str) -> None:
        """A button or link by what it says."""
        page = self.page
        page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()

    def told(self, text: str) -> None:
        """The message after a redirect."""
        expect(self.page.get_by_role("status").filter(has_text=text).first).to_be_visible()

    def picture(self, name: str) -> None:
        """Look at the page: no accessibility fault, and a picture among the test's files."""
        self.axe(self.page)
        path = self.folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)
