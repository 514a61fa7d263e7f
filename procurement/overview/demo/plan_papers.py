"""Plans of the demo: one from the published intent, one of each type, one on every desk (domain.md §18)."""

from dataclasses import dataclass, field
from datetime import timedelta

from .papers import (
    BACK,
    BUREAU,
    COLLEGE,
    HOSPITAL,
    MAIN_PROJECT,
    OFFICE,
    ROADS,
    SUBMIT,
    TODAY,
    UNIT,
    UNIVERSITY,
    WITHDRAW,
    YEAR,
    Step,
    void,
)

DISEASE = {"clerk": "jb_jikong01", "unit": "sh_jikong01", "division": "gk_sb01", "office": "cgc01"}
CENTRE, AGENCY = "安徽省示例政府采购中心", "皖江示例项目管理有限公司"
END = f"{TODAY + timedelta(days=90)}"
KEPT = "已逐项核对，属实，维持原信息。"  # beside every orange finding


@dataclass(frozen=True)
class Item:
    """A row of 采购清单: category, what, how many, at which price; more fields where it is imported."""

    category: str
    content: str
    quantity: str
    measure: str
    price: str
    need: str
    more: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A plan: money (a confirmed quota, or the intent about it), what is typed, the moves after it."""

    cast: dict
    kind: str
    quota: str  # the project name of the quota
    confirm: str  # how much of it is confirmed for this plan; empty: the intent about it says
    items: list[Item]
    head: dict
    steps: list[Step]
    files: tuple[str, ...] = ()
    experts: list[tuple[str, str, str]] = field(default_factory=list)  # name, employer, title; a lawyer last
    agency: str = ""


def project(method: str, form: str, way: str, **more) -> dict:
    """采购组织信息 of a project plan that reserves nothing."""
    return {
        "org_form": form, "method": method, "entrust_mode": way, "sme_reserved": "false",
        "no_sme_reason": "市场调查表明中小企业难以单独供应，已经集体研究。",
        "expected_start": f"{TODAY + timedelta(days=20)}",
    } | more  # fmt: skip


UNPUBLISHED = {"intent_exemption": "below_limit", "intent_reason": "未达分散采购限额标准，可以不公开意向。"}
IMPORTED = {
    "is_import": "on", "country": "德国", "purpose": "神经外科手术与教学", "import_class": "other",
    "import_case": "not_available", "reason": "境内没有同等景深和荧光功能的产品，详见专家论证意见。",
}  # fmt: skip
PANEL = [
    ("方致远", "合肥示例医学研究所", "主任医师"), ("顾明", "示例光学研究院", "研究员"),
    ("钟岚", "示例理工大学", "教授"), ("姚立新", "示例器械检验所", "高级工程师"),
    ("汪律", "安徽示例律师事务所", "律师"),
]  # fmt: skip

MAIN_PLAN = Plan(
    UNIVERSITY, "project", MAIN_PROJECT, "",
    [
        Item("A02010104 服务器", "GPU 训练服务器，双路处理器、8 张加速卡", "4", "台", "580000",
             "满足 120 人同时实训，整机三年上门保修，提供训练框架与驱动支持。"),
        Item("A02010202 交换设备", "400G 无损网络交换机", "2", "台", "90000",
             "与训练服务器配套，支持无损以太网，含光模块与布线。"),
    ],
    project("open_tender", "central", "agency", is_trusted_it="on"), [SUBMIT, UNIT], agency=CENTRE,
)  # fmt: skip

PLANS = [
    Plan(UNIVERSITY, "mall", "教学设备更新", "240000.00", [
        Item("A02010105 台式计算机", "公共机房教学用计算机", "50", "台", "4800",
             "公共机房更新，预装正版系统，三年保修。"),
    ], {"mall_platform": "huicai", "mall_mode": "bidding"}, [SUBMIT, UNIT]),
    Plan(BUREAU, "mall", "机关办公设备更新", "320000.00", [
        Item("A02010108 便携式计算机", "移动执法用加固便携机", "40", "台", "8000",
             "野外督导使用，防水防摔，三年上门保修。"),
    ], {"mall_platform": "wancai", "mall_mode": "direct",
        "over_reason": "移动督导需要加固机型，价格高于通用办公配置标准。"},
        [SUBMIT, UNIT, OFFICE], files=("over",)),
    Plan(HOSPITAL, "project", "医疗设备购置(事业收入)", "1180000.00", [
        Item("A02100301 显微镜", "手术显微镜", "1", "台", "1180000",
             "神经外科手术使用，含荧光模块和教学录像系统。",
             IMPORTED),
    ], project("open_tender", "decentralized", "agency", intent_exemption="urgent",
               intent_reason="原设备突发故障，手术不能停，情况说明见附件。"),
        [SUBMIT, UNIT], ("import_application", "import_authority", "import_opinion", "demand_survey"),
        PANEL, AGENCY),
    Plan(DISEASE, "other_non_gov", "实验室仪器检定服务", "96000.00", [
        Item("C20030000 咨询服务", "实验室仪器检定与校准咨询", "1", "项", "96000",
             "覆盖在用仪器 120 台，出具检定证书。"),
    ], {"supplier_name": "安徽示例计量检测院"}, [SUBMIT]),
    Plan(ROADS, "other_history", "公路养护机械(政府性基金)", "480000.00", [
        Item("A02061504 不间断电源", "道路抢险移动应急电源", "6", "台", "80000",
             "养护工区抢险作业使用，含备件和操作培训。"),
    ], {"contract_no": "GL2025-117", "contract_name": "道路抢险应急电源采购合同", "contract_amount": "480000",
        "supplier_name": "江淮示例电气有限公司", "signed_on": f"{YEAR - 1}-12-18"},
        [SUBMIT, Step("unit", "send_back", BACK | {
            "reason": "materials", "opinion": "合同扫描件缺签字页，请补齐后再提交。"})], ("contract",)),
    Plan(UNIVERSITY, "mall", "上年结转教学实验平台", "186532.50", [
        Item("A02020800 触控一体机", "86 英寸教学触控一体机", "9", "台", "20725.83",
             "阶梯教室使用，含壁挂安装和无线投屏。"),
    ], {"mall_platform": "huicai", "mall_mode": "bidding"}, []),
    Plan(COLLEGE, "project", "实训基地设备购置", "360000.00", [
        Item("A02102100 教学仪器", "协作机器人教学工作站", "2", "套", "180000",
             "与实训课程配套，含课程资源和教师培训。"),
    ], project("request_for_quotations", "decentralized", "territorial", method_reason="32", **UNPUBLISHED),
        [SUBMIT, WITHDRAW, void("并入明年实训中心整体采购。")], agency=AGENCY),
]  # fmt: skip
UNTENDERED = UNPUBLISHED | {"method_reason": "32"}
TERRITORIAL = Plan(
    ROADS, "project", "国省干线公路养护", "150000.00", [
        Item("A02080800 视频会议系统设备", "养护工区视频会议终端", "3", "台", "50000", "含安装调试和培训。"),
    ], project("request_for_quotations", "decentralized", "territorial", **UNTENDERED),
    [SUBMIT, UNIT], agency=AGENCY,
)  # fmt: skip
RESEARCH = Plan(
    UNIVERSITY, "project", "重点实验室科研专项", "180000.00", [
        Item("A02100301 显微镜", "倒置荧光显微镜", "1", "台", "180000", "细胞成像使用，含相机和软件。"),
    ], project("request_for_quotations", "decentralized", "research", **UNTENDERED), [SUBMIT, UNIT],
)  # fmt: skip
DECENTRALIZED = Plan(
    DISEASE, "project", "检验检测试剂与耗材", "120000.00", [
        Item("A02100301 显微镜", "寄生虫检验用显微镜", "4", "台", "30000", "基层检验使用，含油镜和培训。"),
    ], project("request_for_quotations", "decentralized", "agency", **UNTENDERED), [SUBMIT, UNIT],
    agency=AGENCY,
)  # fmt: skip
MORE_BOOKS = [TERRITORIAL, RESEARCH, DECENTRALIZED]  # one book for each kind of project (manual 3.6)
