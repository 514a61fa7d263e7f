"""Chapters 1, 2 and 4: what everybody does, whatever his post."""

from functools import partial

from ..evidence import logged_in, signed, visited
from .exercise import EVERYBODY, Exercise

everybody = partial(Exercise, EVERYBODY)
FIRST_LINES = ("budgetentry-list", "budgetentry-review", "quota-list")
PAPERS = (
    "budgetentry-detail", "intent-detail", "singlesourcenotice-detail", "plan-detail", "methodchange-detail",
    "announcement-detail", "contract-detail", "carryover-detail",
)  # fmt: skip
PASSED = ("unit", "division", "office", "filing", "done")
AGAIN = "练习时先点右上角姓名退出登录，就回到登录页。"

EXERCISES = [
    everybody("s1-1", "home", visited("home")),
    everybody("s1-2", "home", visited(*FIRST_LINES), tip="点开“采购预算管理”下面的任何一页。"),
    everybody("s1-3", "home", visited("search?q")),
    everybody("s1-4", "home", visited("help-chapter") & visited("contacts")),
    everybody("s2-1-1", "driver-help", visited("driver-help")),
    everybody("s2-1-2", "driver-help", visited("driver-help")),
    everybody("s2-1-3", "driver-help", visited("cakey-examine"), tip="要检测到证书，须先插上 KEY。"),
    everybody("s2-1-4", "driver-help", visited("driver-help")),
    everybody("s2-2-1", "home", visited("login"), tip=AGAIN),
    everybody("s2-2-2", "home", logged_in(), tip=AGAIN),
    everybody("s2-2-3", "home", logged_in() & visited("home")),
    everybody("s2-3-1", "home", signed(), tip="随便办一件，例如提交一份单据。"),
    everybody("s2-3-2", "home", signed()),
    everybody("s2-3-3", "home", signed() & visited(*PAPERS, desks=PASSED), tip="打开刚办过的单据。"),
    everybody("s4-1", "contacts", visited("contacts")),
    everybody("s4-2", "contacts", visited("contacts")),
    everybody("s4-3", "contacts", visited("contacts?q")),
]
