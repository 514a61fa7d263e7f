"""What people typed, as it may stand on an official paper."""

import unicodedata
from typing import Any

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
