"""The pages of the executors: text is escaped here and nowhere else."""

import json
from html import escape

from . import result_form
from .forms import one
from .roles import LABELS, ROLES, STATES
from .templates import template

LETTERS = {"huicai": "徽", "wancai": "皖", "trading": "交", "agency": "代"}
KINDS = {
    "mall": "商城任务书", "central": "集采任务书", "decentralized": "分散采购任务书",
    "research": "科研采购任务书", "territorial": "属地任务书", "other": "其他任务书",
}  # fmt: skip
ORGANISATION = ("org_form", "method", "entrust_mode", "implement", "mall_platform", "mall_mode")


def page(title: str, content: str, role: str = "") -> str:
    """The whole page around some content."""
    links = "".join(
        f'<li><a href="/{name}/"{" aria-current=true" if name == role else ""}>{one_role.name}</a></li>'
        for name, one_role in ROLES.items()
    )
    return template("layout").substitute(
        title=escape(title), content=content, role=role or "all", switch=links,
        system=ROLES[role].system if role else "任务书执行系统", top=f"/{role}/" if role else "/",
        letter=LETTERS.get(role, "执"),
    )  # fmt: skip


def home(counts: dict[str, dict[str, int]]) -> str:
    cards = "".join(
        template("card").substitute(
            role=name, letter=LETTERS[name], system=role.system, what=role.what,
            waiting=counts[name].get("waiting", 0), completed=counts[name].get("completed", 0),
            busy=counts[name].get("received", 0) + counts[name].get("executing", 0),
        )
        for name, role in ROLES.items()
    )  # fmt: skip
    return page("首页", template("home").substitute(cards=cards))


def listing(role: str, rows, counts: dict[str, int], state: str) -> str:
    tabs = [
        ("", "全部", sum(counts.values())),
        *((key, text, counts.get(key, 0)) for key, text in STATES.items()),
    ]
    bar = "".join(
        f'<li><a href="/{role}/{f"?state={key}" if key else ""}"'
        f"{' aria-current=page' if key == state else ''}>{text}<b>{count}</b></a></li>"
        for key, text, count in tabs
    )
    content = template("list").substitute(tabs=bar, rows="".join(entry(role, row) for row in rows) or EMPTY)
    return page("采购任务书", content, role)


EMPTY = '<p class="ex-empty">这里还没有任务书。监管系统备案后会自动送达。</p>'


def entry(role: str, row) -> str:
    body = json.loads(row["body"])
    return (
        f'<article class="ex-entry"><div><a href="/{role}/tasks/{row["id"]}/">{escape(body["title"])}</a>'
        f"<p>{escape(row['number'])} · {escape(name_of(body, 'unit'))}</p></div>"
        f'<p class="ex-amount">{money(body.get("amount"))} 元</p>{tag(row["state"])}'
        f"<time>{row['arrived_at'][:16].replace('T', ' ')}</time></article>"
    )


def tag(state: str) -> str:
    return f'<span class="ex-tag ex-{state}">{STATES[state]}</span>'


def money(text) -> str:
    """1234567.5 → 1,234,567.50"""
    whole, _, cents = str(text or "0").partition(".")
    return f"{int(whole):,}.{cents.ljust(2, '0')}" if whole.isdecimal() else escape(str(text))


def name_of(body: dict, who: str) -> str:
    return (body.get(who) or {}).get("name", "")


def task(role: str, row, events, sentence: str, typed: dict) -> str:
    """One order: what is to be bought, what may be done, what was reported."""
    body = json.loads(row["body"])
    open_ = row["state"] in ("received", "executing")
    content = template("task").substitute(
        role=role, number=escape(row["number"]), title=escape(body["title"]), tag=tag(row["state"]),
        sentence=f'<p class="ex-alert" role="alert">{escape(sentence)}</p>' if sentence else "",
        facts=facts(body), items="".join(map(item, body["items"])), decide=decide(role, row, typed),
        events=report(role, row, events), result=result_form.result(role, row, body, typed) if open_ else "",
    )  # fmt: skip
    return page(body["title"], content, role)


def facts(body: dict) -> str:
    how = body.get("organisation", {})
    contact = body.get("contact", {})
    pairs = [
        ("任务书类别", KINDS.get(body.get("kind"), "任务书")),
        ("采购计划", body.get("plan", "")),
        ("采购单位", name_of(body, "unit")),
        ("受托机构", name_of(body, "executor") or "—"),
        ("任务金额", f"{money(body.get('amount'))} 元"),
        ("组织方式", "、".join(how[name] for name in ORGANISATION if how.get(name)) or "—"),
        ("联系人", f"{contact.get('name', '')} {contact.get('phone', '')}".strip() or "—"),
        ("有效期至", body.get("valid_until", "")),
        ("采购包", "、".join(package["name"] for package in body.get("packages", [])) or "不分包"),
    ]
    return "".join(f"<div><dt>{label}</dt><dd>{escape(str(value))}</dd></div>" for label, value in pairs)


def item(row: dict) -> str:
    detail = " · ".join(text for text in (row.get("spec"), row.get("requirement")) if text)
    more = f"<small>{escape(detail)}</small>" if detail else ""
    return (
        f"<tr><td>{escape(row['code'])}<small>{escape(row['category'])}</small></td>"
        f'<td>{escape(row["content"])}{more}</td><td class="ex-n">{escape(row["quantity"])}</td>'
        f'<td>{escape(row["measure"])}</td><td class="ex-n">{money(row["unit_price"])}</td>'
        f'<td class="ex-n">{money(row["total"])}</td></tr>'
    )


def decide(role: str, row, typed: dict) -> str:
    """The buttons of this state."""
    base, state = f"/{role}/tasks/{row['id']}", row["state"]
    parts = []
    if state == "waiting":
        parts.append(button(base, "receive", "接收任务书", "ex-primary"))
    if state == "received":
        parts.append(button(base, "start", "开始执行", "ex-primary"))
    if state in ("received", "executing"):
        parts.append(button(base, "complete", "全部执行完成", ""))
    if state in ("waiting", "received"):
        parts.append(
            f'<form method="post" action="{base}/return"><label class="ex-field">'
            '<span>退回原因</span><textarea name="reason" rows="3" maxlength="500" required>'
            f"{escape(one(typed, 'reason'))}</textarea></label>"
            '<button class="ex-danger">退回任务书</button></form>'
        )
    note = escape(row["note"])
    words = {
        "returned": f"已退回：{note}",
        "withdrawn": f"监管系统已撤回：{note}",
        "completed": "任务书已执行完成。",
    }
    inner = "".join(parts) or f'<p class="ex-quiet">{words.get(state, "")}</p>'
    return f'<section class="ex-card" aria-labelledby="decide"><h2 id="decide">办理</h2>{inner}</section>'


def button(base: str, verb: str, label: str, look: str) -> str:
    return f'<form method="post" action="{base}/{verb}"><button class="{look}">{label}</button></form>'


def report(role: str, row, events) -> str:
    """What was reported, and whether the supervision system has taken it."""
    if not events:
        return '<p class="ex-quiet">还没有回报。</p>'
    words = {"sent": "已送达", "refused": "被拒绝", "due": "待发送"}
    rows = "".join(
        f'<li class="ex-{event["state"]}"><b>{LABELS.get(event["kind"], "回报")}</b>'
        f"<span>{words[event['state']]}{tries(event)}</span>"
        f"<time>{event['created_at'][:16].replace('T', ' ')}</time><p>{escape(event['answer'])}</p></li>"
        for event in events
    )
    unsent = any(event["state"] != "sent" for event in events)
    again = button(f"/{role}/tasks/{row['id']}", "resend", "立即重新发送", "") if unsent else ""
    return f'<ol class="ex-events">{rows}</ol>{again}'


def tries(event) -> str:
    return f"（已试 {event['attempts']} 次）" if event["state"] == "due" and event["attempts"] else ""


def missing(sentence: str = "没有这个页面，或任务书不属于本系统。") -> str:
    return page(
        "无法显示", f'<section class="ex-card ex-empty"><h1>无法显示</h1><p>{escape(sentence)}</p></section>'
    )
