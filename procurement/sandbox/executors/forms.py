"""What a person types on our pages, as the report it becomes; and the shape of an order."""

import json
import re
import uuid
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from procurement import clock

CENT = Decimal("0.01")
VERBS = {"receive": "received", "return": "returned", "start": "started", "complete": "completed"}
CODE = re.compile(r"[0-9A-HJ-NP-RT-UWXY]{18}")
BIDDERS = 5


def order(body: bytes, key: str) -> dict:
    """The message in a request; ValueError with a sentence when its shape is wrong."""
    try:
        content = json.loads(body)
        kind, number = content["message"], content["number"]
        same = content["key"] == key
        whole = kind == "withdrawal" or (bool(content["title"]) and isinstance(content["items"], list))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"正文不是完整的任务书（{type(error).__name__}）") from None
    if kind not in ("order", "withdrawal") or not isinstance(number, str) or not same or not whole:
        raise ValueError("任务书的编码、类型或内容不合规定")
    return content


def read(verb: str, row, typed: dict, mall: bool) -> tuple[str, dict]:
    """(event, its content); ValueError with a sentence when something is missing."""
    if verb == "result":
        return "result", {"result": failed(typed) if one(typed, "failed") else awarded(row, typed, mall)}
    if verb not in VERBS:
        raise ValueError("没有这项操作。")
    if verb != "return":
        return VERBS[verb], {}
    reason = one(typed, "reason")
    if len(reason) < 5:
        raise ValueError("退回时请写明原因，至少 5 个字。")
    return "returned", {"reason": reason[:500]}


def one(typed: dict, name: str) -> str:
    return (typed.get(name) or [""])[-1]


def head(typed: dict) -> dict:
    """What every result says about itself."""
    today = clock.today().isoformat()
    found = {
        "result_no": one(typed, "result_no") or uuid.uuid4().hex[:12].upper(),
        "revision": int(one(typed, "revision") or 1) if (one(typed, "revision") or "1").isdecimal() else 1,
        "project_no": one(typed, "project_no"),
        "package_no": one(typed, "package_no"),
        "result_date": a_date(typed, "result_date", "结果日期") or today,
    }
    for name, label in (
        ("notice_date", "公告日期"),
        ("open_date", "开标日期"),
        ("award_notice_date", "通知书发出日期"),
    ):
        found[name] = a_date(typed, name, label)
    return found


def a_date(typed: dict, name: str, label: str) -> str | None:
    try:
        return date.fromisoformat(one(typed, name)).isoformat() if one(typed, name) else None
    except ValueError:
        raise ValueError(f"{label}请按 2026-11-22 的格式填写。") from None


def failed(typed: dict) -> dict:
    """A round nobody won."""
    reason = one(typed, "failure_reason")
    if not reason:
        raise ValueError("采购失败时请写明失败原因。")
    offers = bidders(typed, failed=True)
    return head(typed) | {
        "failed": True, "failure_reason": reason[:500], "bidders": len(offers), "suppliers": offers,
    }  # fmt: skip


def awarded(row, typed: dict, mall: bool) -> dict:
    """An award or a mall order: who, what, for how much."""
    suppliers = bidders(typed, failed=False)
    if not suppliers:
        raise ValueError("请填写成交供应商名称。")
    lines = bought(json.loads(row["body"])["items"], typed)
    if not lines:
        raise ValueError("请至少填写一行成交数量和单价。")
    total = sum((Decimal(line["total"]) for line in lines), Decimal(0))
    winner = next(supplier for supplier in suppliers if supplier["is_winner"])
    winner["offer"] = winner["offer"] or str(total)
    count = {} if mall else {"bidders": len(suppliers)}
    return (
        head(typed) | {"failed": False, "amount": str(total), "suppliers": suppliers, "lines": lines} | count
    )


def bidders(typed: dict, failed: bool) -> list[dict]:
    """The suppliers' rows; the first is the winner unless another is marked."""
    winner, found = one(typed, "winner") or "1", []
    for number in range(1, BIDDERS + 1):
        name, code = one(typed, f"supplier-{number}"), one(typed, f"uscc-{number}").upper()
        if not name:
            continue
        if code and not CODE.fullmatch(code):
            raise ValueError(f"供应商“{name}”的统一社会信用代码不是 18 位。")
        offer = one(typed, f"offer-{number}")
        found.append(
            {
                "name": name[:200], "uscc": code, "size": one(typed, f"size-{number}"),
                "region": one(typed, f"region-{number}")[:60],
                "offer": f"{amount(offer, name + '的报价'):f}" if offer else None,
                "is_winner": not failed and str(number) == winner,
            }
        )  # fmt: skip
    if not failed and found and not any(supplier["is_winner"] for supplier in found):
        raise ValueError("标为成交的一行没有填写供应商名称。")
    return found


def bought(items: list[dict], typed: dict) -> list[dict]:
    """One line per item with a quantity and a price."""
    found = []
    for item in items:
        number, label = item["id"], f"“{item['content']}”的"
        quantity, price = one(typed, f"quantity-{number}"), one(typed, f"price-{number}")
        if not quantity and not price:
            continue
        many, each = amount(quantity, label + "数量", 4), amount(price, label + "单价", 6)
        if not many:
            continue
        total = (many * each).quantize(CENT, ROUND_HALF_UP)
        words = {
            name: one(typed, f"{name}-{number}")[:100]
            for name in ("brand", "model", "manufacturer", "origin")
        }
        found.append(
            {
                "plan_item": number, "name": item["content"], "spec": item.get("spec", "")[:500], **words,
                "origin": words["origin"][:60], "quantity": f"{many:f}", "unit_price": f"{each:f}",
                "total": f"{total:f}",
            }
        )  # fmt: skip
    return found


def amount(text: str, label: str, places: int = 2) -> Decimal:
    try:
        found = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError(f"{label}请填数字。") from None
    if not found.is_finite() or not 0 <= found < 10**12 or found != round(found, places):
        raise ValueError(f"{label}请填不超过 {places} 位小数的数字。")
    return found
