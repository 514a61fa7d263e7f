"""Formats 5, 6, 7 and 9: what comes of a purchase, or changes it."""

from .parts import NO, OTHER, YES, Field, Format, Section, Table, Term, Writer, contacts, notice_period, when

TENDERING, PREQUALIFYING = "招标", "资格预审"
NEGOTIATION, CONSULTATION, QUOTATION = "竞争性谈判", "竞争性磋商", "询价"
PROCEDURES = (TENDERING, PREQUALIFYING, NEGOTIATION, CONSULTATION, QUOTATION)
SUBJECTS = ("采购公告", "采购文件", "采购结果", "其他")
BEFORE = when("subject", "采购公告", "采购文件")  # the purchase is still open

OBJECTS = Table(
    "objects", "主要标的信息",
    (
        Field("name", "名称"),
        Field("spec", "品牌、规格型号或服务要求", needed=False),
        Field("quantity", "数量"),
        Field("unit_price", "单价（元）", "money", needed=False),
        Field("total_price", "总价（元）", "money", needed=False),
    ),
    least=1, help="货物填规格型号，服务填范围和要求，工程填施工范围和工期",
)  # fmt: skip

AWARD = Format(
    5, "中标（成交）结果公告", Writer.UNIT, portal_kind="result", ending="中标（成交）结果公告",
    about="中标、成交供应商确定之日起 2 个工作日内公告", money="winners.amount",
    sections=(
        Section("项目编号", (
            Field("project_no", "项目编号"),
            Field("plan_no", "采购计划（任务书）备案编号", needed=False),
        )),
        Section("项目名称", (Field("project_name", "项目名称"),)),
        Section("中标（成交）信息", (
            Field("result_day", "中标（成交）供应商确定日期", "day"),
            Table(
                "winners", "中标（成交）供应商",
                (
                    Field("package", "包号", needed=False),
                    Field("name", "供应商名称"),
                    Field("address", "供应商地址"),
                    Field("amount", "中标（成交）金额（元）", "money"),
                    Field("score", "评审总得分或扣除后价格", needed=False),
                ),
                least=1,
            ),
        )),
        Section("主要标的信息", (OBJECTS,)),
        Section("评审专家（单一来源采购人员）名单", (
            Field("experts", "评审专家（单一来源采购人员）名单", "long", help="含采购人代表，用顿号分开"),
        )),
        Section("代理服务收费标准及金额", (
            Field("fee_standard", "收费标准", needed=False),
            Field("fee", "收费金额（元）", "money", needed=False),
        )),
        notice_period(1), OTHER, contacts("公告内容"),
    ),
    terms=(
        Term("确定日期与公告发布日之间", "result_day", "", "先确定中标、成交供应商，再公告", least=0),
        Term(
            "中标（成交）结果公告", "result_day", "", "《政府采购法实施条例》第四十三条", most=2, working=True
        ),
    ),
)  # fmt: skip

CORRECTION = Format(
    6, "更正公告", Writer.UNIT, portal_kind="correction", ending="更正公告",
    about="更正已发布的采购公告、采购文件或采购结果，发布后在门户上指向原公告", endable=True,
    sections=(
        Section("项目基本情况", (
            Field("project_no", "原公告的采购项目编号"),
            Field("project_name", "原公告的采购项目名称"),
            Field("first_day", "首次公告日期", "day"),
        )),
        Section("更正信息", (
            Field("subject", "更正事项", "choice", options=SUBJECTS),
            Table(
                "changes", "更正内容",
                (
                    Field("item", "更正项"),
                    Field("before", "更正前内容", "long"),
                    Field("after", "更正后内容", "long"),
                ),
                least=1,
            ),
            Field("changed_day", "更正日期", "day"),
            Field(
                "procedure", "采购方式", "choice", needed=False, options=PROCEDURES,
                needed_when=(BEFORE,), help="更正采购公告、采购文件时填写",
            ),
            Field(
                "affects", "是否影响投标（响应、申请）文件编制", "choice", needed=False, options=(NO, YES),
                needed_when=(BEFORE,), help="影响编制的，距提交截止的时间不足法定期限时应当顺延",
            ),
            Field(
                "deadline", "更正后的提交截止时间", "moment", needed=False,
                needed_when=(when("affects", YES),), help="没有变化的填原截止时间",
            ),
        )),
        OTHER, contacts("公告内容"),
    ),
    terms=(
        Term("首次公告日期与公告发布日之间", "first_day", "", "更正公告在原公告之后", least=0),
        Term(
            "自更正公告发布至投标截止", "", "deadline",
            "《政府采购法实施条例》第三十一条：不足的应当顺延提交投标文件的截止时间", least=15,
            when=(when("procedure", TENDERING), when("affects", YES)),
        ),
        Term(
            "自更正公告发布至资格预审申请文件提交截止", "", "deadline",
            "财政部令第87号第二十七条：不足的应当顺延", least=3,
            when=(when("procedure", PREQUALIFYING), when("affects", YES)),
        ),
        Term(
            "自更正公告发布至首次响应文件提交截止", "", "deadline",
            "财政部令第74号第二十九条、第四十五条：不足的应当顺延", least=3, working=True,
            when=(when("procedure", NEGOTIATION, QUOTATION), when("affects", YES)),
        ),
        Term(
            "自更正公告发布至首次响应文件提交截止", "", "deadline",
            "财库〔2014〕214号第十条：不足的应当顺延", least=5,
            when=(when("procedure", CONSULTATION), when("affects", YES)),
        ),
    ),
)  # fmt: skip

TERMINATION = Format(
    7, "终止公告", Writer.UNIT, portal_kind="termination", ending="终止公告",
    about="采购活动终止（包括废标后不再继续），发布后原公告作废", correctable=False,
    sections=(
        Section("项目基本情况", (
            Field("project_no", "采购项目编号"), Field("project_name", "采购项目名称"),
        )),
        Section("项目终止的原因", (Field("reason", "项目终止的原因", "long"),)),
        OTHER, contacts("公告内容"),
    ),
)  # fmt: skip

ACCEPTANCE = Format(
    9, "公共服务项目验收结果公告", Writer.UNIT, portal_kind="acceptance", ending="验收结果公告",
    about="向社会公众提供的公共服务项目，验收结束后公告", money="amount",
    sections=(
        Section("合同编号", (Field("contract_no", "合同编号"),)),
        Section("合同名称", (Field("contract_name", "合同名称"),)),
        Section("项目编号", (
            Field("project_no", "项目编号", help="或采购任务书编号"),
        )),
        Section("项目名称", (Field("project_name", "项目名称"),)),
        Section("合同主体", (
            Field("purchaser_name", "采购人（甲方）"),
            Field("purchaser_address", "甲方地址"),
            Field("purchaser_phone", "甲方联系方式", "phone"),
            Field("supplier_name", "供应商（乙方）"),
            Field("supplier_address", "乙方地址"),
            Field("supplier_phone", "乙方联系方式", "phone"),
        )),
        Section("合同主要信息", (
            OBJECTS,
            Field("amount", "合同金额（元）", "money"),
            Field("performance", "履约期限、地点等简要信息"),
        )),
        Section("验收日期", (Field("accepted_day", "验收日期", "day"),)),
        Section("验收组成员", (
            Field("members", "验收组成员", "long", help="应当邀请服务对象参与（实施条例第四十五条）"),
        )),
        Section("验收意见", (Field("opinion", "验收意见", "long"),)),
        OTHER,
    ),
    terms=(
        Term("验收日期与公告发布日之间", "accepted_day", "", "先验收，再公告", least=0),
        Term("验收结果公告", "accepted_day", "", "财库〔2015〕135号", most=2, working=True),
    ),
)  # fmt: skip
