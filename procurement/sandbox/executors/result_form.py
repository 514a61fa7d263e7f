"""The form of a result: an order of a mall, or an award or a failed round of a tender."""

from html import escape

from .forms import BIDDERS, one
from .roles import ROLES
from .templates import template

SIZES = {"": "未填", "large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}


def result(role: str, row, body: dict, typed: dict) -> str:
    mall = ROLES[role].mall
    return template("result").substitute(
        role=role, id=row["id"], heading="录入订单" if mall else "录入开标与成交结果",
        head=head_fields(mall, typed), who="供应商" if mall else "投标（响应）供应商",
        suppliers=suppliers(1 if mall else BIDDERS, typed),
        lines="".join(line(one_item, typed) for one_item in body["items"]),
        failed=" checked" if one(typed, "failed") else "", failure="流单" if mall else "废标、流标",
        failure_reason=escape(one(typed, "failure_reason")),
    )  # fmt: skip


def head_fields(mall: bool, typed: dict) -> str:
    mall_fields = [
        ("result_no", "订单号（不填自动生成）", "text"),
        ("result_date", "成交日期（不填为今天）", "date"),
    ]
    fields = mall_fields if mall else [
        ("result_no", "结果编号（不填自动生成）", "text"), ("revision", "第几版（更正填 2、3…）", "text"),
        ("project_no", "项目编号", "text"), ("package_no", "包号", "text"),
        ("notice_date", "公告日期", "date"), ("open_date", "开标日期", "date"),
        ("result_date", "中标（成交）日期", "date"), ("award_notice_date", "通知书发出日期", "date"),
    ]  # fmt: skip
    return "".join(
        f'<label class="ex-field"><span>{label}</span>{box(name, typed, kind=kind)}</label>'
        for name, label, kind in fields
    )


def box(name: str, typed: dict, value: str = "", kind: str = "text", label: str = "", look: str = "") -> str:
    shown = escape(one(typed, name) if name in typed else value)
    named = f' aria-label="{escape(label)}"' if label else ""
    about = f'type="{kind}" name="{name}" value="{shown}"{named} class="{look}"'
    return f'<input {about} maxlength="200" autocomplete="off">'


def suppliers(many: int, typed: dict) -> str:
    rows = "".join(supplier(number, many > 1, typed) for number in range(1, many + 1))
    choice = "<th>成交</th>" if many > 1 else ""
    return (
        f"<thead><tr>{choice}<th>名称</th><th>统一社会信用代码</th><th>规模</th><th>所在地区</th>"
        f'<th class="ex-n">报价（元）</th></tr></thead><tbody>{rows}</tbody>'
    )


def supplier(number: int, choice: bool, typed: dict) -> str:
    cells, at = [], f"第{number}家"
    if choice:
        checked = " checked" if (one(typed, "winner") or "1") == str(number) else ""
        cells.append(f'<input type="radio" name="winner" value="{number}" aria-label="{at}成交"{checked}>')
    cells.append(box(f"supplier-{number}", typed, label=f"{at}名称", look="ex-long"))
    cells.append(box(f"uscc-{number}", typed, label=f"{at}统一社会信用代码", look="ex-code"))
    options = "".join(
        f'<option value="{key}"{" selected" if one(typed, f"size-{number}") == key else ""}>{text}</option>'
        for key, text in SIZES.items()
    )
    cells.append(f'<select name="size-{number}" aria-label="{at}规模">{options}</select>')
    cells.append(box(f"region-{number}", typed, label=f"{at}所在地区"))
    cells.append(box(f"offer-{number}", typed, label=f"{at}报价", look="ex-n"))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def line(row: dict, typed: dict) -> str:
    number, what = row["id"], row["content"]
    texts = [("brand", "品牌"), ("model", "型号"), ("manufacturer", "生产厂商"), ("origin", "产地")]
    cells = [box(f"{name}-{number}", typed, label=f"{what}{label}") for name, label in texts]
    cells.append(box(f"quantity-{number}", typed, row["quantity"], label=f"{what}成交数量", look="ex-n"))
    cells.append(box(f"price-{number}", typed, label=f"{what}成交单价", look="ex-n"))
    return f"<tr><th scope=row>{escape(what)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
