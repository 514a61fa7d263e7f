"""What is entered in the demo: the purchase that is walked through, and one paper for every state."""

from dataclasses import dataclass, field
from datetime import timedelta

from procurement import clock

TODAY = clock.today()
YEAR = TODAY.year
MONTH, LATER = f"{TODAY:%Y-%m}", f"{TODAY.replace(day=1) + timedelta(days=31):%Y-%m}"  # this one, the next
SOURCES = {"pre": "supplement_due", "unified": "department", "other": "business"}
UNIVERSITY = {"clerk": "jb_daxue01", "unit": "sh_daxue01", "division": "gk_jkw01", "office": "cgc01"}
COLLEGE = {"clerk": "jb_xueyuan01", "unit": "sh_xueyuan01", "division": "gk_jkw01", "office": "cgc01"}
HOSPITAL = {"clerk": "jb_yiyuan01", "unit": "sh_yiyuan01", "division": "gk_sb01", "office": "cgc02"}
ROADS = {"clerk": "jb_gonglu01", "unit": "sh_gonglu01", "division": "gk_jj01", "office": "cgc01"}
BUREAU = {"clerk": "jb_jyt02", "unit": "sh_jyt01", "division": "gk_jkw01", "office": "cgc02"}
BACK = {"to": "clerk", "reason": "demand", "opinion": "采购内容的技术要求过于笼统，请补充后再提交。"}


@dataclass(frozen=True)
class Step:
    """One move of a paper: who (by desk of the cast), what, and what the form says."""

    who: str
    verb: str
    values: dict = field(default_factory=dict)


def approve(who: str, opinion: str = "同意") -> Step:
    return Step(who, "approve", {"opinion": opinion})


SUBMIT, UNIT, DIVISION = Step("clerk", "submit"), approve("unit"), approve("division")
OFFICE = approve("office", "材料齐全，同意。")
FILE, WITHDRAW = Step("clerk", "file"), Step("clerk", "withdraw")


def void(why: str) -> Step:
    return Step("clerk", "void", {"opinion": why})


@dataclass(frozen=True)
class Entry:
    """A budget entry: what is typed into the form, and the moves after it."""

    cast: dict
    kind: str
    project: str
    lines: list[tuple[str, str, str, str, str]]  # category, content, quantity, measure, unit price
    steps: list[Step]
    basis: str = ""
    beneficiaries: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Notice:
    """An intent from one confirmed quota: amount confirmed, what is typed, the moves after it."""

    cast: dict
    quota: str  # the project name of the quota
    confirm: str
    category: str
    demand: str
    month: str
    steps: list[Step]
    share: str = ""  # part reserved for small enterprises, in percent
    follow: tuple[str, str] | None = None  # ("change", reason) of the notice published before it


MAIN_PROJECT = "人工智能实训平台建设"
MAIN = Entry(
    UNIVERSITY, "pre", MAIN_PROJECT,
    [
        ("A02010104 服务器", "GPU 训练服务器，双路处理器、8 张加速卡", "4", "台", "620000"),
        ("A02010202 交换设备", "400G 无损网络交换机", "2", "台", "185000"),
        ("C16020000 信息系统集成实施服务", "平台部署、集成与一年驻场", "1", "项", "350000"),
    ],
    [SUBMIT, UNIT, DIVISION, OFFICE], f"皖教秘财〔{YEAR}〕88号",
)  # fmt: skip
MAIN_NOTICE = Notice(
    UNIVERSITY, MAIN_PROJECT, "2500000.00", "A02010104 服务器",
    "采购 GPU 训练服务器 4 台及配套网络，满足 120 人同时实训，质保 3 年，签订合同后 45 日内交付。",
    MONTH, [SUBMIT, UNIT, FILE], share="30",
)  # fmt: skip

ENTRIES = [  # every state of a budget entry
    Entry(UNIVERSITY, "other", "图书馆座位管理系统", [
        ("A08060303 应用软件", "座位预约与统计软件", "1", "套", "186000"),
    ], []),
    Entry(UNIVERSITY, "pre", f"{YEAR} 年实验耗材框架采购", [
        ("A05040101 复印纸", "A4 复印纸 70 克", "2000", "箱", "168"),
    ], [SUBMIT], f"皖教秘财〔{YEAR}〕91号"),
    Entry(COLLEGE, "pre", "数控加工实训中心设备", [
        ("A02102100 教学仪器", "五轴加工教学机床", "3", "台", "460000"),
    ], [SUBMIT, UNIT], f"皖教秘财〔{YEAR}〕93号"),
    Entry(HOSPITAL, "other", "医用磁共振设备更新", [
        ("A02321000 医用磁共振设备", "3.0T 磁共振成像系统", "1", "套", "11800000"),
    ], [SUBMIT, UNIT, DIVISION]),
    Entry(UNIVERSITY, "pre", "学生公寓智能门禁", [
        ("A02020400 多功能一体机", "门禁发卡一体机", "36", "台", "7800"),
    ], [SUBMIT, Step("unit", "send_back", BACK)], f"皖教秘财〔{YEAR}〕95号"),
    Entry(ROADS, "pre", "养护工区视频会议系统", [
        ("A02080800 视频会议系统设备", "高清视频会议终端", "12", "套", "46500"),
    ], [SUBMIT, UNIT, Step("division", "send_back", BACK | {
        "to": "unit", "reason": "amount", "opinion": "单价明显高于去年同类采购，请审核岗核实后再报。"
    })], f"皖交财〔{YEAR}〕31号"),
    Entry(HOSPITAL, "other", "门诊楼物业管理服务", [
        ("C21040000 物业管理服务", "门诊楼保洁与秩序维护一年", "1", "项", "2160000"),
    ], [SUBMIT, UNIT, DIVISION, OFFICE]),
    Entry(ROADS, "pre", "路况检测车辆租赁", [
        ("C23110000 租赁服务（不带操作员）", "路况检测车辆租赁半年", "2", "辆", "90000"),
    ], [SUBMIT, WITHDRAW, void("项目并入明年预算，不再单独采购。")], f"皖交财〔{YEAR}〕35号"),
    Entry(BUREAU, "unified", "全省高校教学质量监测平台", [
        ("C16010302 行业应用软件开发服务", "教学质量监测平台开发", "1", "项", "960000"),
    ], [SUBMIT, UNIT, DIVISION, OFFICE],
        beneficiaries=[("安徽示例大学", "560000"), ("江淮示例学院", "400000")]),
]  # fmt: skip

NOTICES = [  # every state of an intent
    Notice(UNIVERSITY, "教学设备更新", "1600000.00", "A02020800 触控一体机",
           "采购教室触控一体机 80 台，含安装与三年质保。", MONTH, []),
    Notice(UNIVERSITY, "校园物业管理", "1560000.00", "C21040000 物业管理服务",
           "主校区物业管理服务一年，含保洁、绿化、秩序维护。", LATER, [SUBMIT]),
    Notice(COLLEGE, "图书与数字资源", "480000.00", "A04010000 图书",
           "采购中文图书约 6000 册，按学科目录分批到馆。", MONTH,
           [SUBMIT, Step("unit", "send_back", BACK)]),
    Notice(HOSPITAL, "医院信息系统运维", "860000.00", "C16070300 软件运维服务",
           "医院信息系统及接口运维服务一年，7×24 小时响应。", LATER, [SUBMIT, UNIT]),
    Notice(COLLEGE, "实训基地设备购置", "1200000.00", "A02102100 教学仪器",
           "采购工业机器人教学工作站 4 套，含课程资源。", MONTH, [SUBMIT, UNIT, FILE]),
    Notice(ROADS, "国省干线公路养护", "2000000.00", "C20030000 咨询服务",
           "国省干线公路技术状况评定与养护决策咨询。", MONTH,
           [SUBMIT, WITHDRAW, void("采购内容调整，重新公开意向。")]),
    Notice(COLLEGE, "实训基地设备购置", "", "A02102100 教学仪器",
           "采购工业机器人教学工作站 4 套、协作机器人 2 台，含课程资源。", LATER,
           [SUBMIT, UNIT, FILE], follow=("change", "实训方案调整，采购时间推迟一个月。")),
]  # fmt: skip
