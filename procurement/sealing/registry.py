"""What kinds of sealed papers there are; each app registers its own, in code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Template:
    """How one kind of paper is drawn, and what the public page says of it."""

    slug: str
    label: str  # 文种, as the public page names it
    html: str  # extends sealing/paper.html
    context: Callable[[dict], dict[str, Any]]  # snapshot -> what the template shows; asks nothing else
    brief: Callable[[dict], list[tuple[str, str]]]  # snapshot -> label and value for whoever holds the code
    begun: str = "备案"  # the decision that orders it


TEMPLATES: dict[str, Template] = {}


def register(template: Template) -> None:
    TEMPLATES[template.slug] = template


def find(slug: str) -> Template:
    return TEMPLATES[slug]
