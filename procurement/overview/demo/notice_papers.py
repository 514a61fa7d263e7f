"""Single-source notices and announcements of the demo: one in each stage of its life (domain.md §§8, 13)."""

from dataclasses import dataclass, field
from datetime import timedelta

from procurement import clock

from .papers import COLLEGE, FILE, HOSPITAL, ROADS, SUBMIT, UNIT, UNIVERSITY, Step, approve
from .plan_papers import DISEASE, MAIN_PLAN
from .plan_papers import Plan as Planned

PASSED = approve("office", "论证充分，同意公示。")


@dataclass(frozen=True)
class Single:
    """A single-source notice out of confirmed money, the moves after it, and what strangers say to it."""

    cast: dict
    quota: str
    confirm: str
    project: str
    goods: str
    reason: str
    supplier: tuple[str, str]  # name, credit code
    steps: list[Step]
    objections: list[tuple[str, str, str]] = field(default_factory=list)  # who, reason, as it is released
    over: bool = False  # its term has passed


EXPERTS = [
    ("方致远", "合肥示例科学研究院", "研究员"), ("顾明", "示例理工大学", "教授"),
    ("钟岚", "示例计量研究院", "高级工程师"),
]  # fmt: skip
OPINION = "经查阅技术资料和现场核实，只能从唯一供应商处采购，同意采用单一来源采购方式。"
SINGLES = [
    Single(
        UNIVERSITY, "智慧校园信息化建设", "620000.00", "统一身份认证平台扩容服务",
        "在现有统一身份认证平台上扩容至五万并发用户，增加两个节点的授权，含接口改造和一年驻场维护。",
        "现有平台为原厂专有技术，源代码和授权只由原厂提供，其他供应商不能在原系统上扩容。",
        ("江淮示例软件有限公司", "91340000MB0000301H"), [SUBMIT, PASSED], over=True,
    ),
    Single(
        HOSPITAL, "医疗设备购置(事业收入)", "480000.00", "直线加速器年度维护服务",
        "医用直线加速器一台的年度维护服务，含两次预防性检修、核心部件更换和二十四小时应急响应。",
        "加速管和控制系统为原厂专利，维修密钥只向原厂工程师开放，其他供应商不能替代维护。",
        ("安徽示例放疗设备有限公司", "91340000MB0000302L"), [SUBMIT, PASSED],
        [
            ("皖江示例医疗技术有限公司", "我公司持有同型号设备的制造商维修授权，也能提供维护服务，请予核实。",
             "另有供应商称持有制造商维修授权，能够提供同类维护服务。"),
            ("一名市民", "公示中没有写明更换的核心部件包括哪些，建议补充说明后再采购。", ""),
        ],
    ),
    Single(
        COLLEGE, "实训基地设备购置", "260000.00", "机器人工作站控制软件升级",
        "现有工业机器人工作站四套的控制软件升级，含仿真模块授权、接口适配、现场调试和教师培训服务。",
        "控制软件为机器人原厂专有技术，升级授权只由原厂提供，其他供应商不能替代。",
        ("示例机器人技术有限公司", "91340000MB0000303P"), [SUBMIT],
    ),
    Single(
        DISEASE, "检验检测试剂与耗材", "150000.00", "质谱仪专用试剂采购",
        "飞行时间质谱仪配套的基质、校准品和靶板一批，须与现有仪器的数据库和质控程序相匹配。",
        "仪器为封闭系统，只能使用原厂注册的配套试剂，其他品牌试剂不能通过仪器校验。",
        ("示例生物仪器有限公司", "91340000MB0000304T"), [],
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Announced:
    """An announcement of one format: what is typed, the moves after it; `book` fills in the rest."""

    cast: dict
    number: int  # of the format
    title: str
    content: dict[str, str]
    steps: list[Step]
    book: Planned | None = None


def day(ahead: int) -> str:
    return f"{clock.today() + timedelta(days=ahead)}"


ACCEPTED = {
    "c_contract_no": "GL2025-088", "c_contract_name": "普通国省干线服务区保洁服务合同",
    "c_project_no": "GL2025-031", "c_project_name": "普通国省干线服务区保洁服务", "c_amount": "1260000",
    "c_supplier_name": "江淮示例物业有限公司", "c_supplier_address": "合肥市示例路 8 号",
    "c_supplier_phone": "赵经理 0551-62810990", "c_performance": "履约期限一年，十二处服务区",
    "c_members": "谢芳、郑凯、服务对象代表两名、外聘专家一名", "c_accepted_day": day(0),
    "c_opinion": "服务人员、频次和质量符合合同约定，服务对象满意度百分之九十六，验收合格。",
    "objects-TOTAL_FORMS": "1", "objects-0-name": "服务区保洁服务", "objects-0-quantity": "12 处",
    "objects-0-spec": "公共区域每日保洁四次", "objects-0-total_price": "1260000",
}  # fmt: skip
TENDER = {
    "c_offer_from": day(1),
    "c_offer_to": day(10),
    "c_offer_place": "安徽省政府采购网",
    "c_offer_way": "网上获取",
}
ANNOUNCED = [
    Announced(ROADS, 9, "普通国省干线服务区保洁服务验收结果公告", ACCEPTED, [SUBMIT, UNIT, FILE]),
    Announced(ROADS, 9, "国省干线应急值守服务验收结果公告",
              ACCEPTED | {"c_project_name": "国省干线应急值守服务", "c_contract_no": "GL2025-090"},
              [SUBMIT, UNIT]),
    Announced(UNIVERSITY, 3, "人工智能实训平台建设招标公告", TENDER, [], MAIN_PLAN),
]  # fmt: skip
