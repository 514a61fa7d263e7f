"""Snapshots of every kind of book as a filing leaves them, made up; and their papers."""

from types import SimpleNamespace

from django.utils.dateparse import parse_datetime

from procurement.sealing.models import SealedPaper
from tasks import wording

KINDS = ["mall", "central", "decentralized", "research", "territorial", "other", "history"]
SPEC = "处理器不低于 8 核 16 线程，主频 3.0 GHz；内存 16 GB；固态硬盘 512 GB；23.8 英寸显示器；三年上门维保。"


def item(number: int = 1, **fields) -> dict:
    return {
        "code": "A02010105", "category": "台式计算机", "content": f"教学用台式计算机（第 {number} 批）",
        "quantity": "120", "measure": "台", "unit_price": "5,000.00", "total": 60000000, "imported": False,
        "marks": ["节能", "环保"], "details": [["规格参数", SPEC]],
    } | fields  # fmt: skip


def funding(**fields) -> dict:
    return {
        "nature": "一般公共预算资金", "kind": "财政性资金 · 当年资金指标", "doc_no": "皖财教〔2026〕118号",
        "description": "教学设备更新专项", "function": "2050205 高等教育", "economic": "31003 专用设备购置",
        "amount": 60000000,
    } | fields  # fmt: skip


ORGANISATION = {
    "mall": [["商城", "徽采商城"], ["商城采购方式", "商城直接采购"], ["有效期至", "2026-12-31"]],
    "other": [["计划类型", "其他采购计划（非政府采购）"], ["供应商", "安徽示例科技有限公司"]],
    "history": [["计划类型", "其他采购计划（历史合同补录）"], ["供应商", "安徽示例科技有限公司"]],
}
PROJECT = [
    ["组织形式", "集中采购机构采购"], ["采购方式", "公开招标"], ["委托方式", "委托代理"],
    ["实施形式", "一般项目"],
    ["专门面向中小企业", "是，中小企业，整体预留，预留 600,000.00 元（占 100.00%）"],
    ["采购意向公开", "安徽示例大学2026年11月政府采购意向（2026-10-10 公开）"],
    ["项目特征", "高校科研设备、一签多年（2 年）"],
]  # fmt: skip
CONTRACT = [
    ["原合同编号", "HT-2025-0031"], ["合同名称", "校园网运维服务合同"], ["供应商", "安徽示例科技有限公司"],
    ["签订日期", "2025-03-01"], ["合同金额（元）", "600,000.00"], ["已支付金额（元）", "300,000.00"],
]  # fmt: skip
STEPS = ("at", "post", "place", "name", "did", "opinion")
TRAIL = [
    ("2026-11-20 09:12", "经办岗", "安徽示例大学", "李经办", "提交", ""),
    ("2026-11-20 15:40", "审核岗", "安徽示例大学", "王审核", "通过", "同意，需求明确，预算落实。"),
    ("2026-11-21 10:05", "采购处岗", "政府采购处", "刘敏", "通过", "同意。"),
    ("2026-11-22 08:30", "经办岗", "安徽示例大学", "李经办", "备案", ""),
]


def snapshot(kind: str = "central", **fields) -> dict:
    history, stored = kind == "history", "other" if kind == "history" else kind
    items, fundings = fields.pop("items", None) or [item()], fields.pop("fundings", None) or [funding()]
    return {
        "kind": stored, "history": history, "title": wording.title(stored, history=history),
        "number": "JC340001202600001号", "plan_number": "JH2026340001000017", "filed_on": "2026-11-22",
        "year": 2026, "amount": sum(row["total"] for row in items), "unit_name": "安徽示例大学",
        "unit": [
            ["采购单位", "安徽示例大学"], ["预算编码", "105001001"],
            ["统一社会信用代码", "12340000MB00000053"],
            ["单位地址", "合肥市蜀山区示例路 1 号"], ["联系人", "李经办"], ["联系电话", "0551-62816021"],
            ["归口财政内部机构", "教科文处"], ["处室电话", "68150309"], ["计划名称", "台式计算机"],
            ["采购分类", "货物"],
            ["受托机构", "安徽省政府采购中心（示例）"], ["受托机构联系方式", "张工 0551-66223344"],
        ],
        "organisation": ORGANISATION.get(kind, PROJECT), "contract": CONTRACT if history else [],
        "approvals": [] if kind in ("mall", "other", "history") else [
            ["采购方式变更", "皖财购批〔2026〕12号，公开招标变更为竞争性磋商"],
            ["进口产品", "电子显微镜（德国）：国家鼓励进口产品，需要采购的产品在中国境内无法获取"],
            ["采购处审核事项", "涉及进口产品；采购方式变更（2026-11-21 政府采购处审核通过）"],
        ],
        "items": items, "items_total": sum(row["total"] for row in items), "fundings": fundings,
        "fundings_total": sum(row["amount"] for row in fundings),
        "packages": [
            {"name": "第一包：台式计算机", "budget": 60000000, "ceiling": 58000000, "method": "公开招标",
             "evaluation": "综合评分法", "pricing": "固定总价"},
        ] if stored in ("central", "decentralized") else [],
        "demand": "采购教学用台式计算机一百二十台，用于公共实验室，含三年上门维保，合同签订后三十日内交付。",
        "trail": [dict(zip(STEPS, row, strict=True)) for row in TRAIL],
        "notes": wording.notes(stored, 2026, history=history),
    } | fields  # fmt: skip


def paper(taken: dict, **fields) -> SealedPaper:
    """An unsaved order of it, the same on every run."""
    known = SimpleNamespace(code="ABCDEFGHJKMN")
    values = {
        "template": "taskbook", "number": taken["number"], "title": taken["title"], "snapshot": taken,
        "verify_code": known.code, "ordered_at": parse_datetime("2026-11-22T08:30:00+08:00"),
        "verify_url": f"https://zfcg.example/verify/?number=X&code={known.code}",
    }  # fmt: skip
    return SealedPaper(**values | fields)
