"""The desks a paper travels over, and who sits at them."""

from typing import NamedTuple

from django.db import models

from accounts.models import Post


class Desk(models.TextChoices):
    """Where a paper lies; the order of declaration is the order of travel."""

    CLERK = "clerk", "经办岗"
    UNIT = "unit", "单位审核岗"
    DIVISION = "division", "归口支出处室"
    OFFICE = "office", "政府采购处"
    FILING = "filing", "待备案"
    DONE = "done", "已办结"
    VOID = "void", "已作废"

    @property
    def order(self) -> int:
        return list(Desk).index(self)


REVIEWING = [Desk.UNIT, Desk.DIVISION, Desk.OFFICE]


class Seat(NamedTuple):
    """A post, and the attribute of a document that names the organisation where it is held."""

    post: Post
    place: str

    def sentence(self, document) -> str:
        """Who sits here, for people: 「安徽示例大学的审核岗」."""
        return f"{getattr(document, self.place).label}的{self.post.label}"


SEATS = {
    Desk.CLERK: Seat(Post.CLERK, "unit"),
    Desk.UNIT: Seat(Post.REVIEWER, "unit"),
    Desk.DIVISION: Seat(Post.REVIEWER, "division"),
    Desk.OFFICE: Seat(Post.APPROVER, "office"),
    Desk.FILING: Seat(Post.CLERK, "unit"),
}


class ReturnReason(models.TextChoices):
    """Coded reasons of a return, so that a unit's habits can be counted."""

    MATERIALS = "materials", "材料不齐"
    AMOUNT = "amount", "金额或数量有误"
    FUNDS = "funds", "资金来源不符"
    CATEGORY = "category", "品目选择不当"
    DEMAND = "demand", "需求描述不清"
    METHOD = "method", "采购方式不当"
    POLICY = "policy", "不符合政策规定"
    OTHER = "other", "其他"
