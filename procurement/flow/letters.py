"""What people typed and decided, as it may stand on an official paper."""

import unicodedata
from typing import Any

from django.utils import timezone

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  # Unicode categories of what leaves no mark on paper


def clean(value: Any) -> Any:
    """No control, format or direction characters: the paper must not show other than it says."""
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items()}
    if isinstance(value, list):
        return [clean(one) for one in value]
    if isinstance(value, str):
        lines = value.replace("\r\n", "\n").replace("\t", " ")
        return "".join(one for one in lines if one == "\n" or unicodedata.category(one) not in HIDDEN)
    return value


def last_round(paper) -> list:
    """Its moves since it was last submitted."""
    moves = list(paper.moves.shown().defer("snapshot").order_by("pk"))
    return moves[max((place for place, move in enumerate(moves) if move.verb == "submit"), default=0) :]


def trail(*rounds) -> list[dict]:
    """审核记录: pairs of a paper and the moves it made, as they are printed."""
    return [
        {
            "at": timezone.localtime(move.at).strftime("%Y-%m-%d %H:%M"), "post": move.get_post_display(),
            "place": move.organization.label, "name": str(move.by), "did": paper.verb_label(move.verb),
            "opinion": move.opinion, **({"signed": move.signer} if move.signature_id else {}),
        }
        for paper, moves in rounds
        for move in moves
    ]  # fmt: skip
