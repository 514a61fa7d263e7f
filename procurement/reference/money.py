"""Amounts of money in words and units; `Decimal` only, never float."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def fen(amount: Decimal) -> int:
    """Whole 分 of an amount; refuses what has a fraction of a 分."""
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise ValueError(f"{amount} has a fraction of a fen")
    return int(cents)


def wan(amount: Decimal) -> str:
    """万元 with two to six decimals, as an intent notice prints it (财库〔2020〕10号)."""
    whole, _, fraction = f"{amount / 10_000:.6f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"


def plain(amount: Decimal) -> str:
    """1,234.50, the way every page and message shows an amount."""
    return f"{amount:,.2f}"


def _four(group: int) -> str:
    """Up to four digits in capitals, inner zeros told once."""
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = group // 10**power % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + UNITS[power]
        gap = not digit
    return text


def _whole(yuan: int) -> str:
    """The part before 元, in groups of four digits."""
    text, gap = "", False
    for index in range(len(GROUPS) - 1, -1, -1):
        group = yuan // 10_000**index % 10_000
        if group:
            text += ("零" if text and (gap or group < 1000) else "") + _four(group) + GROUPS[index]
            gap = False
        else:
            gap = bool(text)
    return text


def capitals(amount: Decimal) -> str:
    """人民币大写 of an amount below 10^16 元, as the bank rules write it (支付结算办法附一)."""
    cents = fen(amount)
    sign, cents = ("负", -cents) if cents < 0 else ("", cents)
    yuan, jiao, rest = cents // 100, cents // 10 % 10, cents % 10
    if yuan >= 10**16:
        raise ValueError("too large to be told in capitals")
    text = _whole(yuan) + "元" if yuan or not cents else ""
    text = "零元" if text == "元" else text
    if not jiao and not rest:
        return f"人民币{sign}{text}整"
    text += DIGITS[jiao] + "角" if jiao else "零" * bool(text)
    return f"人民币{sign}{text}" + (DIGITS[rest] + "分" if rest else "整")
