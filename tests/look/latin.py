"""Words in Latin letters that a reader would see: only names, units and codes may be left so."""

import re

ALLOWED = {
    "CA", "CA-KEY", "KEY", "PIN", "HaiKey", "USB", "Excel", "PDF", "QQ", "Ctrl", "Alt", "Esc", "Enter",
    "MB", "KB", "GB", "SM2", "HTTPS", "IP", "J", "K", "A", "S", "N",
}  # fmt: skip
WORD = re.compile(r"(?<![\w./:@#])[A-Za-z][A-Za-z'-]+(?![\w/@])|(?<![\w])[A-Za-z](?![\w])")
CODE = re.compile(r"编号 [0-9A-F]{8}|[A-Z]{1,6}-?[\d][\w-]*")  # an error page's reference may be all letters


def untranslated(text: str) -> set[str]:
    """Words of `text` outside the list and not part of a number such as YS202634000100012."""
    return {word for word in WORD.findall(CODE.sub(" ", text)) if word not in ALLOWED}
