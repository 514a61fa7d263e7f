"""The lists a contract chooses from (domain.md §15.1; codes of the supervision interface)."""

from django.db import models

from ..suppliers.choices import Size


class Sort(models.TextChoices):
    """What 新增 offers."""

    ENTRY = "entry", "合同录入"
    HISTORY = "history", "历史合同"
    SUPPLEMENT = "supplement", "补充合同"
    CHANGE = "change", "合同变更"


class ContractType(models.TextChoices):
    SALE = "sale", "买卖合同"
    SERVICE = "service", "服务合同"
    WORKS = "works", "建设工程合同"
    LEASE = "lease", "租赁合同"
    OTHER = "other", "其他合同"


class Origin(models.TextChoices):
    """Where the data of the award came from."""

    TRADING = "trading", "项目交易系统"
    HUICAI = "huicai", "徽采商城"
    WANCAI = "wancai", "皖采商城"
    AGENCY = "agency", "代理机构"
    MANUAL = "manual", "人工录入"
    HISTORY = "history", "历史合同"


SME = {Size.MEDIUM, Size.SMALL, Size.MICRO}  # a declaration belongs to them (财库〔2020〕46号)


class Role(models.TextChoices):
    SOLE = "sole", "独立供应商"
    LEADER = "leader", "联合体牵头人"
    MEMBER = "member", "联合体成员"
    SUBCONTRACTOR = "sub", "分包供应商"


JOINT = {Role.LEADER, Role.MEMBER}


class Pricing(models.TextChoices):
    FIXED_TOTAL = "total", "固定总价"
    FIXED_UNIT = "unit", "固定单价"
    COST = "cost", "成本补偿"
    INCENTIVE = "incentive", "绩效激励"


class PayType(models.TextChoices):
    ONCE = "once", "一次性支付"
    INSTALMENTS = "instalments", "分期支付"


class Security(models.TextChoices):
    """Forms of a guarantee that are not cash (政府采购法实施条例第四十八条)."""

    CHEQUE = "cheque", "支票、汇票、本票"
    BANK = "bank", "银行保函"
    GUARANTEE = "guarantee", "担保公司保函"
    INSURANCE = "insurance", "保证保险"


class Inspector(models.TextChoices):
    SELF = "self", "自行组织"
    ENTRUSTED = "entrusted", "委托代理机构"


class Inspection(models.TextChoices):
    ONCE = "once", "一次性验收"
    SECTIONS = "sections", "分段验收"
    PERIODS = "periods", "分期验收"


class Standing(models.TextChoices):
    """What became of a filed contract."""

    IN_FORCE = "in_force", "履行中"
    TERMINATED = "terminated", "已终止"
    COMPLETED = "completed", "已履行完毕"
