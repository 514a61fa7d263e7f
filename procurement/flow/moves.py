"""The moves a paper can make: one decorator over django-fsm, one set of refusals."""

from collections.abc import Callable, Sequence

from django_fsm import transition

from .desks import Desk


class Refused(Exception):
    """Not this person's to do (403); the text says which post, scope or condition is missing."""


class Conflict(Exception):
    """Somebody else was faster, or the paper lies elsewhere by now (409)."""

    heading = ""  # of the page, where it is another reason than the usual one

    def __init__(self, message: str = "该单据已被他人处理，请刷新后再办理。"):
        super().__init__(message)


def move(
    label: str,
    *,
    source,
    target,
    seat: Desk | None = None,
    rules: Sequence[str] = (),
    tone: str = "",
    caused: bool = False,
    unsigned: bool = False,
) -> Callable:
    """Declare a verb.

    `label` is the button's; `seat` the desk whose sitter may do it (None: the desk it lies on); `rules`
    name methods of the document, `rule(user) -> sentence | None`, asked in order after state and seat.
    A `caused` verb is never anybody's button: another paper's decision performs it. An `unsigned` one is
    the system's own act, for which no person's key can be asked (docs/adr/0014).
    """
    return transition(
        "state",
        source=source,
        target=target,
        permission=lambda document, user: document.seat_obstacle(user, seat or document.state) is None,
        custom={
            "label": label,
            "seat": seat,
            "rules": rules,
            "tone": tone,
            "caused": caused,
            "unsigned": unsigned,
        },
    )


def details_of(method: Callable) -> dict:
    """The `custom` dictionary of a declared verb: label, seat, rules, tone."""
    return next(iter(method._django_fsm.transitions.values())).custom


def label_of(method: Callable) -> str:
    return details_of(method)["label"]
