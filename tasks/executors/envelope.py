"""Reading what an executor sent: strict, with a Chinese sentence for everything that is wrong."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from plans.models import Method

from ..models.events import Kind
from ..models.results import Size

WHOLE = 10**16  # numeric(18,2)
FINE = 10**14  # numeric(18,4) and numeric(20,6)
ROWS = 500
NUMBER = re.compile(r"[0-9]{1,16}(\.[0-9]{1,6})?")


class Unreadable(Exception):
    """The content is not what the interface says; the text is the sentence to answer with."""


@dataclass(frozen=True)
class Envelope:
    """One event, checked for shape."""

    event_id: str
    book: str
    kind: str
    sequence: int
    occurred_at: datetime
    reason: str
    result: dict | None


def read(body: bytes) -> tuple[Envelope, dict]:
    """The event and its JSON as it is kept."""
    try:
        content = json.loads(body)
        if unstorable(content):
            raise Unreadable("正文含有不能保存的字符，或数字没有写成文本")
    except (ValueError, RecursionError):
        raise Unreadable("正文不是 JSON") from None
    if not isinstance(content, dict):
        raise Unreadable("正文不是 JSON 对象")
    return envelope(content), content


def unstorable(value: Any) -> bool:
    """A decimal in JSON is text here, since a float has lost its cents on the way; and no odd letters."""
    if isinstance(value, dict):
        return any(bad_text(name) or unstorable(one) for name, one in value.items())
    if isinstance(value, list):
        return any(map(unstorable, value))
    return isinstance(value, float) or (isinstance(value, str) and bad_text(value))


def bad_text(value: str) -> bool:
    """Not storable: NUL and lone halves of surrogate pairs."""
    return "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value)


def envelope(content: dict) -> Envelope:
    kind = one_of(content, "kind", Kind.values, "事件")
    return Envelope(
        event_id=words(content, "event", 80, "事件编号"),
        book=words(content, "book", 40, "任务书编号"),
        kind=kind,
        sequence=whole(content, "sequence", "序号", most=2**31 - 1),
        occurred_at=moment(content, "occurred_at", "发生时间"),
        reason=words(content, "reason", 500, "退回原因", needed=kind == Kind.RETURNED),
        result=result(content.get("result")) if kind == Kind.RESULT else None,
    )


def result(content: Any) -> dict:
    """A result as fields of ExecutionResult, with its suppliers and lines."""
    if not isinstance(content, dict):
        raise Unreadable("缺少结果内容")
    failed = content.get("failed") is True
    found = {
        "result_no": words(content, "result_no", 80, "订单号/结果编号"),
        "revision": whole(content, "revision", "更正次数", default=1, most=1000),
        "project_no": words(content, "project_no", 80, "项目编号", needed=False),
        "package_no": words(content, "package_no", 40, "包号", needed=False),
        "round": whole(content, "round", "第几次采购", default=1, most=1000),
        "method": one_of(content, "method", ["", *Method.values], "采购方式"),
        "notice_date": day(content, "notice_date", "公告日期"),
        "open_date": day(content, "open_date", "开标时间"),
        "result_date": day(content, "result_date", "中标（成交）日期", needed=True),
        "award_notice_date": day(content, "award_notice_date", "通知书发出日期"),
        "bidders": whole(content, "bidders", "参与供应商数量", default=None, least=0, most=30000),
        "failed": failed,
        "failure_reason": words(content, "failure_reason", 500, "失败原因", needed=failed),
        "amount": number(content, "amount", "中标（成交）金额", default=Decimal(0)),
        "suppliers": [supplier(row) for row in rows(content, "suppliers", "供应商")],
        "lines": [line(row) for row in rows(content, "lines", "标的明细")],
    }
    consistent(found)
    return found


def consistent(found: dict) -> None:
    """What no honest result can say."""
    if found["failed"]:
        if found["amount"] or found["lines"] or any(row["is_winner"] for row in found["suppliers"]):
            raise Unreadable("采购失败的结果不能有成交金额、成交供应商或标的明细")
        return
    if found["amount"] <= 0 or not any(row["is_winner"] for row in found["suppliers"]):
        raise Unreadable("成交结果要有大于零的金额和成交供应商")
    total = sum(row["total"] for row in found["lines"])
    if found["lines"] and total != found["amount"]:
        raise Unreadable(f"标的明细合计 {total} 元，与成交金额 {found['amount']} 元不符")


def supplier(row: dict) -> dict:
    texts = {"uscc": 18, "features": 200, "region": 60, "address": 200, "bank": 100, "account": 40}
    return {
        "name": words(row, "name", 200, "供应商名称"),
        **{name: words(row, name, most, "供应商信息", needed=False) for name, most in texts.items()},
        "size": one_of(row, "size", ["", *Size.values], "企业规模"),
        "offer": number(row, "offer", "报价", default=None),
        "is_winner": row.get("is_winner") is True,
    }


def line(row: dict) -> dict:
    texts = {"brand": 100, "model": 100, "spec": 500, "manufacturer": 200, "origin": 60}
    found = {
        "plan_item": whole(row, "plan_item", "采购清单项", default=None, most=2**62),
        "name": words(row, "name", 200, "标的名称"),
        **{name: words(row, name, most, "标的信息", needed=False) for name, most in texts.items()},
        "quantity": number(row, "quantity", "数量", places=4),
        "unit_price": number(row, "unit_price", "单价", places=6),
        "total": number(row, "total", "总价"),
    }
    if not found["quantity"]:
        raise Unreadable("标的数量要大于零")
    return found


# Single values


def words(content: dict, name: str, most: int, label: str, *, needed: bool = True) -> str:
    value = content.get(name, "")
    value = "" if value is None else value
    if not isinstance(value, str) or len(value) > most or (needed and not value.strip()):
        raise Unreadable(f"{label}（{name}）缺失、过长或不是文本")
    return value.strip()


def one_of(content: dict, name: str, choices: list[str], label: str) -> str:
    value = content.get(name) or ""
    if value not in choices:
        raise Unreadable(f"{label}（{name}）不在规定的取值内")
    return value


def whole(content: dict, name: str, label: str, *, most: int, least: int = 1, **default):
    value = content.get(name, default.get("default"))
    if value is None and "default" in default:
        return None
    if type(value) is not int or not least <= value <= most:
        raise Unreadable(f"{label}（{name}）不是规定范围内的整数")
    return value


def number(content: dict, name: str, label: str, *, places: int = 2, **default):
    value = content.get(name)
    if value is None and "default" in default:
        return default["default"]
    found = Decimal(value) if isinstance(value, str) and NUMBER.fullmatch(value) else None
    most = WHOLE if places == 2 else FINE
    if found is None or found >= most or found != round(found, places):
        raise Unreadable(f"{label}（{name}）不是规定格式的数字文本")
    return found


def day(content: dict, name: str, label: str, *, needed: bool = False) -> date | None:
    value = content.get(name)
    if value in (None, "") and not needed:
        return None
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable(f"{label}（{name}）不是日期") from None
    if not 2000 <= found.year <= 2100:
        raise Unreadable(f"{label}（{name}）不在合理的年份内")
    return found


def moment(content: dict, name: str, label: str) -> datetime:
    try:
        found = datetime.fromisoformat(content.get(name))
        if 2000 <= found.year <= 2100:
            return found if timezone.is_aware(found) else timezone.make_aware(found)
    except (TypeError, ValueError):
        pass
    raise Unreadable(f"{label}（{name}）不是时间")


def rows(content: dict, name: str, label: str) -> list[dict]:
    found = content.get(name) or []
    if not isinstance(found, list) or len(found) > ROWS or not all(isinstance(row, dict) for row in found):
        raise Unreadable(f"{label}（{name}）不是规定的列表，或超过 {ROWS} 行")
    return found
