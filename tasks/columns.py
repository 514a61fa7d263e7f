"""What the lists of 采购任务管理 show."""

from procurement.flow.lists import Column
from procurement.flow.templatetags.paper import figure

OF_PLAN = [
    Column("采购方式", lambda p: p.get_method_display() or p.get_mall_mode_display(), narrow=False),
    Column("受托机构", lambda p: p.agency.label if p.agency else "", narrow=False),
    Column("金额（元）", lambda p: p.amount, "money"),
    Column("审核通过时间", lambda p: p.desk_since, "time", narrow=False),
]
OF_BOOK = [
    Column("采购计划编号", lambda b: b.approved_plan.number, narrow=False),
    Column("金额（元）", lambda b: b.amount, "money"),
    Column("执行机构", lambda b: b.executor_name),
    Column("执行状态", lambda b: b.get_execution_display(), "tag"),
    Column("备案时间", lambda b: b.filed_at, "time", narrow=False),
]
OF_ISSUED = [*OF_BOOK[:-1], Column("下达时间", lambda b: b.filed_at, "time", narrow=False)]
OF_REVOKED = [
    *OF_BOOK[:3],
    Column("撤销时间", lambda b: b.revoked_at, "time"),
    Column("撤销原因", lambda b: b.revoke_reason, narrow=False),
]
OF_MALL = [
    *OF_BOOK[:3],
    Column("采购数量", lambda b: figure(b.ordered), "number"),
    Column("已完成数量", lambda b: figure(b.bought), "number"),
    Column("可用数量", lambda b: figure(b.ordered - b.bought), "number"),
    *OF_ISSUED[3:],
]
OF_CHANGE = [
    Column("原采购计划", lambda c: c.original_plan.number, narrow=False),
    Column("原采购方式", lambda c: c.get_original_method_display(), narrow=False),
    Column("拟变更采购方式", lambda c: c.get_new_method_display()),
    Column("金额（元）", lambda c: c.amount, "money"),
    Column("提交时间", lambda c: c.submitted_at, "time", narrow=False),
]
