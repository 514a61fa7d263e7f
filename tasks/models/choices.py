"""The lists of 采购任务管理 (domain.md §§10, 12)."""

from django.db import models


class BookKind(models.TextChoices):
    """The six menus of manual 3.6, in its order."""

    MALL = "mall", "商城任务书"
    CENTRAL = "central", "集采任务书"
    DECENTRALIZED = "decentralized", "分散采购任务书"
    RESEARCH = "research", "科研采购任务书"
    TERRITORIAL = "territorial", "属地任务书"
    OTHER = "other", "其他任务书（非政府采购）"


PREFIXES = {
    BookKind.MALL: "SC", BookKind.CENTRAL: "JC", BookKind.DECENTRALIZED: "FS", BookKind.RESEARCH: "FSKY",
    BookKind.TERRITORIAL: "FSSD", BookKind.OTHER: "QT",
}  # fmt: skip


class Channel(models.TextChoices):
    """How a book reaches its executor."""

    HUICAI = "huicai", "徽采商城"
    WANCAI = "wancai", "皖采商城"
    TRADING = "trading", "项目交易系统"
    AGENCY = "agency", "代理机构"
    UNIT = "unit", "采购单位自行组织"
    NONE = "none", "仅作记录"


class Execution(models.TextChoices):
    """What the executor has said so far."""

    WAITING = "waiting", "待接收"
    RECEIVED = "received", "已接收"
    RETURNED = "returned", "已退回"
    EXECUTING = "executing", "执行中"
    COMPLETED = "completed", "完成"


class Cause(models.TextChoices):
    """变更主因: 政府采购法 arts. 29–32, 财政部令第87号 art. 43, 财库〔2014〕214号."""

    NO_BIDDER = "no_bidder", "招标后没有供应商投标、没有合格标的或重新招标未能成立"
    TWO_LEFT = "two_left", "废标后合格供应商只有两家"
    COMPLEX = "complex", "技术复杂或性质特殊，不能确定详细规格或具体要求"
    URGENT = "urgent", "招标所需时间不能满足用户紧急需要"
    NO_TOTAL = "no_total", "不能事先计算出价格总额"
    ONLY_SUPPLIER = "only_supplier", "只能从唯一供应商处采购"
    ADDITION = "addition", "须保证一致性或服务配套，添购不超过原合同金额的百分之十"
    LIMITED_SUPPLIERS = "limited_suppliers", "只能从有限范围的供应商处采购"
    TENDER_COST = "tender_cost", "公开招标费用占总价比例过大"
    POLICY = "policy", "执行政府采购政策或其他特殊情形"
