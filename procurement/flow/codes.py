"""Codes people read from paper and type; who holds one holds the paper."""

import secrets

# No 0 O 1 I L: the code is read from paper and typed. 31 letters, 12 places: 59 bits, unguessable.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def spaced(code: str) -> str:
    """As it is printed: ABCD-EFGH-JKMN."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))
