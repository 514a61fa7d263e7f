"""Credit codes: the check digit of GB 32100-2015."""

import pytest
from django.core.exceptions import ValidationError

from accounts.creditcode import ALPHABET, check_digit, validate_credit_code
from procurement.overview.demo.organizations import credit_code


@pytest.mark.parametrize("code", ["91350100M000100Y43", "914403001922038216", "91110000600037341L"])
def test_codes_of_the_standard_and_of_real_companies_pass(code):
    validate_credit_code(code)


def test_every_single_wrong_character_is_found():
    code = "91350100M000100Y43"
    for place in range(18):
        for char in ALPHABET:
            wrong = code[:place] + char + code[place + 1 :]
            if wrong != code:
                with pytest.raises(ValidationError):
                    validate_credit_code(wrong)


@pytest.mark.parametrize("code", ["", "123", "9135010OM000100Y43", "91350100m000100y43", "9" * 19, "统" * 18])
def test_nonsense_is_refused_with_a_sentence(code):
    with pytest.raises(ValidationError, match="18 位"):
        validate_credit_code(code)


def test_demo_codes_are_valid_and_obviously_fake():
    codes = [credit_code(number) for number in range(40)]
    for code in codes:
        validate_credit_code(code)
        assert code.startswith("12340000MB")
        assert code[17] == check_digit(code[:17])
    assert len(set(codes)) == 40
