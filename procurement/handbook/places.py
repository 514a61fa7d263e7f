"""Which part of the manual explains a page: the one list of it, by the page's name."""

from django.urls import reverse

from .chapters import chapters

PAGES = {  # the longest beginning of a page's name decides
    "home": "1", "search": "1", "switch": "1", "healthz": "1", "readyz": "1",
    "practice": "1",
    "login": "2.2", "logout": "2.2", "breakglass": "2.2", "cakey": "2.2", "driver-help": "2.1", "help": "1",
    "contacts": "4",
    "budgetentry": "3.1", "conversion": "3.9.3",
    "quota": "3.2", "confirmed": "3.2", "confirmation": "3.2", "categories": "3.5.1",
    "intent": "3.3",
    "singlesourcenotice": "3.4", "objection": "3.4", "objectionanswer": "3.4",
    "plan": "3.5.1", "plan-review": "3.5.4", "plan-batch": "3.5.4", "plan-import": "3.5.6",
    "methodchange": "3.5.5",
    "taskbook": "3.6.1", "taskbook-central": "3.6.2", "taskbook-decentralized": "3.6.3",
    "taskbook-research": "3.6.4", "taskbook-territorial": "3.6.5", "taskbook-other": "3.6.6",
    "executor": "3.6.1",
    "announcement": "3.7.2", "announcement-portal": "3.7.1", "announcement-ask": "3.7.1",
    "announcement-ticket": "3.7.1", "publication": "3.7.2",
    "contract": "3.8.1", "contract-review": "3.8.2", "contract-batch": "3.8.2", "contract-filing": "3.8.3",
    "supplier": "3.8.1", "report": "3.8.1", "verify": "3.6.1", "notice-file": "3.4", "sealed": "3.6.1",
    "carryover": "3.9.1", "carryover-review": "3.9.2", "carryover-rulings": "3.9.2",
    "carryover-window": "3.9.2",
    "year-close": "3.9.2",
}  # fmt: skip


def part_of(page: str) -> str:
    """The number of the part that explains the page of this name; "" when none does."""
    words = (page or "").split("-")
    beginnings = ["-".join(words[:count]) for count in range(len(words), 0, -1)]
    return next((PAGES[one] for one in beginnings if one in PAGES), "")


def address(page: str) -> str:
    """Where the help link of that page leads; the contents when nothing explains it."""
    part = part_of(page)
    chapter = ".".join(part.split(".")[:2]) if part.startswith("3.") else part.split(".")[0]
    if chapter not in chapters():
        return reverse("help")
    anchor = "s" + part.replace(".", "-")
    where = reverse("help-chapter", args=[chapter])
    return f"{where}#{anchor}" if anchor in chapters()[chapter].anchors else where
