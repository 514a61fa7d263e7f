"""The browser's hands and eyes, made patient.

A click ends when the next page has answered: it may have no title yet, half its rows, no style sheet, and its
scripts have not begun to listen. A person is slower than that. So whatever a test does with a page, or reads
from it at once, waits until the page has loaded; `expect` then waits for what scripts do afterwards.
"""

from functools import wraps

from playwright.sync_api import BrowserContext, Locator, Page, expect

MILLISECONDS = 60_000  # reached by failures only
HANDS = (
    "check clear click dblclick fill focus hover press press_sequentially select_option set_checked "
    "set_input_files type uncheck"
)
EYES = (
    "all all_inner_texts all_text_contents bounding_box count evaluate evaluate_all get_attribute inner_html "
    "inner_text input_value is_checked is_disabled is_editable is_enabled is_hidden is_visible text_content"
)
OF_A_PAGE = "content evaluate inner_text screenshot title"


def loaded_first(method, page_of):
    @wraps(method)
    def patient(self, *given, **options):
        page_of(self).wait_for_load_state()
        return method(self, *given, **options)

    return patient


def teach() -> None:
    """Once for the whole run."""
    expect.set_options(timeout=MILLISECONDS / 2)
    for name in f"{HANDS} {EYES}".split():
        setattr(Locator, name, loaded_first(getattr(Locator, name), lambda locator: locator.page))
    for name in OF_A_PAGE.split():
        setattr(Page, name, loaded_first(getattr(Page, name), lambda page: page))
    keyboard = Page.keyboard.fget
    Page.keyboard = property(loaded_first(keyboard, lambda page: page))


def give_time(context: BrowserContext) -> None:
    context.set_default_timeout(MILLISECONDS)
    context.set_default_navigation_timeout(MILLISECONDS)
