"""Unified social credit codes 统一社会信用代码 (GB 32100-2015)."""

from django.core.exceptions import ValidationError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [3**i % 31 for i in range(17)]


def check_digit(body: str) -> str:
    """The 18th character for the first 17; raises ValueError on a character outside the alphabet."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def validate_credit_code(code: str) -> None:
    """Raise ValidationError unless `code` has 18 characters and the right check digit."""
    try:
        wanted = check_digit(code[:17]) if len(code) == 18 else None
    except ValueError:
        wanted = None
    if wanted is None:
        raise ValidationError("统一社会信用代码应为 18 位数字或大写字母（不含 I、O、Z、S、V）。")
    if code[17] != wanted:
        raise ValidationError("统一社会信用代码的校验位不对，请核对是否录错。")
