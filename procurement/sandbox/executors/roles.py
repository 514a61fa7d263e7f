"""Whom this program plays, and the states an order passes with them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """One outside system."""

    name: str
    system: str
    what: str
    mall: bool = False


ROLES = {
    "huicai": Role("徽采商城", "徽采商城订单中心", "接收商城任务书，按直接采购或竞价生成订单", mall=True),
    "wancai": Role("皖采商城", "皖采商城订单中心", "接收商城任务书，按直接采购或竞价生成订单", mall=True),
    "trading": Role("项目采购交易系统", "项目采购电子交易系统", "接收集中采购、属地采购任务书，组织开标评标"),
    "agency": Role("采购代理机构", "代理机构业务系统", "接收委托代理的任务书，组织开标评标"),
}
STATES = {
    "waiting": "待接收",
    "received": "已接收",
    "executing": "执行中",
    "completed": "已完成",
    "returned": "已退回",
    "withdrawn": "已被撤回",
}
FROM = {  # event -> (states it may happen in, state it leads to)
    "received": (("waiting",), "received"),
    "returned": (("waiting", "received"), "returned"),
    "started": (("received",), "executing"),
    "result": (("received", "executing"), "executing"),
    "completed": (("received", "executing"), "completed"),
}
LABELS = {
    "received": "接收任务书",
    "returned": "退回任务书",
    "started": "开始执行",
    "result": "报送结果",
    "completed": "执行完成",
}
