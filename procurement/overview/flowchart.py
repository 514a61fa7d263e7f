"""The flow chart of the home page: nodes in the order of the business, live where a stage is declared."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from accounts.models import Post
from procurement.flow.desks import REVIEWING, Desk
from procurement.flow.menu import sections
from procurement.flow.templatetags.paper import waited_days

from .kinds import stages

URGENT = 3  # working days on a desk after which a node turns red


@dataclass(frozen=True)
class Node:
    """One step of the business."""

    label: str
    icon: str
    kind: str = ""
    url_name: str = ""
    side: bool = False  # done when needed, drawn below the row


NODES = [
    Node("预算录入", "coin", kind="budgetentry"),
    Node("指标确认", "circle-check", url_name="quota-list"),
    Node("意向公开", "speakerphone", kind="intent"),
    Node("单一来源公示", "scale", kind="singlesourcenotice", side=True),
    Node("采购计划", "clipboard-list", kind="plan"),
    Node("任务书备案", "checklist", kind="taskbook"),
    Node("合同备案", "file-text", kind="contract"),
    Node("年终结转", "refresh", kind="carryover"),
]


def address(node: Node, post: str) -> str:
    """Where the node leads for this post: its own line of the menu, if it has one."""
    for _, _, entries in sections(post):
        for entry in entries:
            if entry.url_name == node.url_name or (node.kind and entry.kind == node.kind):
                return reverse(entry.url_name)
    return ""


def exists(node: Node) -> bool:
    if node.kind:
        return node.kind in stages()
    try:
        return bool(reverse(node.url_name))
    except NoReverseMatch:
        return False


def facts(node: Node, post: str, waiting: dict, papers: dict | None, quotas: int | None) -> dict:
    """How many wait for me here, how urgent it is, and the line under the label.

    `papers` and `quotas` are a unit's own counts; None for those who watch over many units.
    """
    if not exists(node):
        return {"mine": 0, "tone": "off", "text_line": "尚未开放"}
    if not node.kind:
        text = "由单位办理" if quotas is None else f"待确认 {quotas}"
        mine = quotas or 0 if post == Post.CLERK else 0
        return {"mine": mine, "tone": "me" if mine else "", "text_line": text}
    rows = [row for (kind, _), row in waiting.items() if kind == node.kind]
    mine = sum(row["n"] for row in rows)
    late = any(waited_days(row["oldest"]) > URGENT for row in rows)
    tone = ("me hot" if late else "me") if mine else "opt" if node.side else ""
    return {"mine": mine, "tone": tone, "text_line": wording(node.kind, mine, papers)}


def wording(kind: str, mine: int, papers: dict | None) -> str:
    if mine or papers is None:
        return f"待我办理 {mine}" if mine else "没有待办"
    review = sum(papers.get((kind, desk), 0) for desk in REVIEWING)
    done = papers.get((kind, Desk.DONE), 0)
    return f"审核中 {review}" if review else f"已办结 {done}" if done else "暂无单据"


def drawn(post: str, waiting: dict, papers: dict | None, quotas: int | None) -> dict:
    """Everything the template draws: a wide chart, and a slim one for phones."""
    found = [
        {"label": node.label, "icon": node.icon, "side": node.side, "url": address(node, post)}
        | facts(node, post, waiting, papers, quotas)
        for node in NODES
    ]
    return {"wide": wide(found), "slim": slim(found)}


def wide(found: list[dict]) -> dict:
    """One row of boxes 118 wide; a step done when needed hangs below, between its neighbours."""
    row = [node for node in found if not node["side"]]
    gap = (1146 - 118 - 2) / (len(row) - 1)
    boxes, arrows, place = [], [], 0
    for node in found:
        x = 1 + gap * place
        if node["side"]:
            boxes.append(box(node, x - gap / 2 + 5, 94, 108, 42))
            left, right = x - gap + 59, x + 59
            arrows.append(f"M{left:g} 72 V106 a9 9 0 0 0 9 9 H{x - gap / 2 + 2:g}")
            arrows.append(f"M{x - gap / 2 + 116:g} 115 H{right - 29:g} a9 9 0 0 0 9 -9 V74")
            continue
        boxes.append(box(node, x, 14, 118, 56))
        place += 1
    straight = [f"M{1 + gap * n + 121:g} 42 H{1 + gap * (n + 1) - 3:g}" for n in range(len(row) - 1)]
    return {"boxes": boxes, "arrows": straight, "dashed": arrows, "width": 1146, "height": 140}


def slim(found: list[dict]) -> dict:
    """Three boxes a row, running to and fro."""
    boxes, arrows = [], []
    for number, node in enumerate(found):
        line, step = divmod(number, 3)
        column = step if line % 2 == 0 else 2 - step
        x, y = 5 + 117 * column, 12 + 88 * line
        boxes.append(box(node, x, y, 98, 56))
        if number == len(found) - 1:
            break
        if step == 2:
            arrows.append(f"M{x + 49} {y + 58} V{y + 85}")
        elif line % 2 == 0:
            arrows.append(f"M{x + 101} {y + 28} H{x + 114}")
        else:
            arrows.append(f"M{x - 3} {y + 28} H{x - 16}")
    height = 12 + 88 * ((len(found) + 2) // 3)
    return {"boxes": boxes, "arrows": arrows, "dashed": [], "width": 342, "height": height}


def box(node: dict, x: float, y: float, width: int, height: int) -> dict:
    """A node with its coordinates as text, so that no locale puts a comma into them."""
    roomy = width == 118
    middle = x + width / 2
    text = x + 40 if roomy else middle
    spots = {
        "x": x, "y": y, "text": text, "first": y + height / 2 - 3, "second": y + height / 2 + 15,
        "icon_x": x + 13, "icon_y": y + 18, "bubble_x": x + width - 1.5, "bubble_y": y + 2,
        "number_y": y + 6,
    }  # fmt: skip
    return node | {name: f"{value:g}" for name, value in spots.items()} | {
        "width": width, "height": height, "roomy": roomy, "anchor": "start" if roomy else "middle",
    }  # fmt: skip
