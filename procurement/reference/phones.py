"""Telephone numbers as people write them (domain.md §3.1)."""

import re

PHONE = re.compile(r"1\d{10}|(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?", re.ASCII)
ADVICE = "请填写 11 位手机号，或带区号的座机号，例如 0551-68150309。"
