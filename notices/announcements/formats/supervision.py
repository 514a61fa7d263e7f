"""Formats 11 to 13: what the office decides and publishes."""

from .parts import OTHER, Field, Format, Section, Table, Term, Writer

REPORTED = "财库〔2015〕135号：完成并履行有关报审程序后 5 个工作日内"


def decision_terms() -> tuple[Term, ...]:
    return (
        Term("决定日期与公告发布日之间", "decided_day", "", "先作出决定，再公告", least=0),
        Term("处理决定公告", "decided_day", "", REPORTED, most=5, working=True),
    )


PARTIES = Table(
    "parties", "相关当事人",
    (Field("role", "身份"), Field("name", "名称"), Field("address", "地址")),
    least=1, help="投诉人、被投诉人、相关供应商等",
)  # fmt: skip
PROJECT = (
    Section("项目编号", (Field("project_no", "项目编号"),)),
    Section("项目名称", (Field("project_name", "项目名称"),)),
    Section("相关当事人", (PARTIES,)),
    Section("基本情况", (Field("situation", "基本情况", "long"),)),
)
RESULT = Section(
    "处理依据及结果",
    (
        Field("legal_basis", "处理依据", "long"),
        Field("decision", "处理结果", "long"),
        Field("decided_day", "决定日期", "day"),
    ),
)

COMPLAINT = Format(
    11, "投诉处理结果公告", Writer.OFFICE, portal_kind="supervision", ending="投诉处理结果公告",
    about="投诉处理决定作出后公告", sections=(*PROJECT, RESULT, OTHER), terms=decision_terms(),
)  # fmt: skip
INSPECTION = Format(
    12, "监督检查处理结果公告", Writer.OFFICE, portal_kind="supervision", ending="监督检查处理结果公告",
    about="监督检查处理决定作出后公告", sections=(*PROJECT, RESULT, OTHER), terms=decision_terms(),
)  # fmt: skip
ASSESSMENT = Format(
    13, "集中采购机构考核结果公告", Writer.OFFICE, portal_kind="supervision", ending="考核结果公告",
    about="对集中采购机构的考核完成后公告", named_after="agency",
    sections=(
        Section("集中采购机构名称", (Field("agency", "集中采购机构名称"),)),
        Section("考核内容", (Field("scope", "考核内容", "long"),)),
        Section("考核方法", (Field("method", "考核方法", "long"),)),
        Section("考核时间", (
            Field("decided_from", "考核开始日期", "day"), Field("decided_day", "考核结束日期", "day"),
        )),
        Section("存在问题", (Field("problems", "存在问题", "long", help="没有的填“无”"),)),
        Section("考核结果", (Field("result", "考核结果", "long"),)),
        OTHER,
    ),
    terms=(
        Term("考核结束日期", "decided_from", "decided_day", "在考核开始之后", least=0),
        Term("考核结束日期与公告发布日之间", "decided_day", "", "先完成考核，再公告", least=0),
        Term("考核结果公告", "decided_day", "", REPORTED, most=5, working=True),
    ),
)  # fmt: skip
