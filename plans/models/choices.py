"""The lists a plan chooses from (domain.md §9)."""

from django.db import models


class PlanType(models.TextChoices):
    PROJECT = "project", "项目采购计划"
    MALL = "mall", "商城采购计划"
    NON_GOV = "other_non_gov", "其他采购计划（非政府采购）"
    HISTORY = "other_history", "其他采购计划（历史合同补录）"


class OrgForm(models.TextChoices):
    CENTRAL = "central", "集中采购机构采购"
    DECENTRALIZED = "decentralized", "分散采购"


class Method(models.TextChoices):
    OPEN = "open_tender", "公开招标"
    RESTRICTED = "restricted_tender", "邀请招标"
    NEGOTIATION = "competitive_negotiation", "竞争性谈判"
    CONSULTATION = "competitive_consultation", "竞争性磋商"
    QUOTATION = "request_for_quotations", "询价"
    SINGLE = "single_source", "单一来源采购"
    FRAMEWORK = "framework_agreement", "框架协议采购"


class Entrust(models.TextChoices):
    AGENCY = "agency", "委托代理"
    TERRITORIAL = "territorial", "属地采购"
    RESEARCH = "research", "科研采购"


class Implement(models.TextChoices):
    """Codes of the supervision interface (BuyPlanImplementEnums)."""

    GENERAL = "101", "一般项目"
    BATCH = "301", "批量归集"
    FRAMEWORK_AWARD = "402", "框架协议合同授予"
    BELOW_LIMIT = "501", "限额以下"
    URGENT = "502", "紧急采购"
    RENEWAL = "503", "合同续签"
    MUST_TENDER = "599", "必须招标工程"


class MallPlatform(models.TextChoices):
    HUICAI = "huicai", "徽采商城"
    WANCAI = "wancai", "皖采商城"


class MallMode(models.TextChoices):
    DIRECT = "direct", "商城直接采购"
    BIDDING = "bidding", "商城竞价"


class IntentExemption(models.TextChoices):
    MALL = "mall", "小额零星商城采购"
    URGENT = "urgent", "不可预见的紧急采购"
    SECRET = "secret", "涉密采购"
    BATCH = "batch", "批量集中采购"
    FRAMEWORK = "framework", "框架协议合同授予"
    BELOW_LIMIT = "below_limit", "限额以下"


class SmeMode(models.TextChoices):
    WHOLE = "whole", "整体预留"
    PACKAGE = "package", "设置专门采购包"
    JOINT = "joint", "要求联合体参加"
    SUBCONTRACT = "subcontract", "要求合同分包"


class SmeScope(models.TextChoices):
    SMALL_AND_MEDIUM = "sme", "中小企业"
    SMALL_AND_MICRO = "small", "小微企业"


class MethodReason(models.TextChoices):
    """Why not open tendering: 政府采购法 arts. 29–32, 财库〔2014〕214号."""

    LIMITED_SUPPLIERS = "29-1", "只能从有限范围的供应商处采购"
    TENDER_COST = "29-2", "公开招标费用占总价比例过大"
    NO_BIDDER = "30-1", "招标后没有供应商投标、没有合格标的或重新招标未能成立"
    COMPLEX = "30-2", "技术复杂或性质特殊，不能确定详细规格或具体要求"
    URGENT = "30-3", "招标所需时间不能满足用户紧急需要"
    NO_TOTAL = "30-4", "不能事先计算出价格总额"
    ONLY_SUPPLIER = "31-1", "只能从唯一供应商处采购"
    EMERGENCY = "31-2", "发生不可预见的紧急情况不能从其他供应商处采购"
    ADDITION = "31-3", "须保证一致性或服务配套，添购不超过原合同金额的百分之十"
    UNIFORM_GOODS = "32", "货物规格、标准统一，现货货源充足且价格变化幅度小"
    SERVICE = "c-1", "政府购买服务项目（磋商）"
    CONSULT_COMPLEX = "c-2", "技术复杂或性质特殊（磋商）"
    CONSULT_NO_TOTAL = "c-3", "艺术品、专利等原因不能事先计算价格总额（磋商）"
    RESEARCH = "c-4", "市场竞争不充分的科研项目或需扶持的科技成果转化项目（磋商）"
    WORKS = "c-5", "必须招标以外的工程建设项目（磋商）"


REASONS: dict[str, list[MethodReason]] = {
    Method.RESTRICTED: [MethodReason.LIMITED_SUPPLIERS, MethodReason.TENDER_COST],
    Method.NEGOTIATION: [
        MethodReason.NO_BIDDER, MethodReason.COMPLEX, MethodReason.URGENT, MethodReason.NO_TOTAL,
    ],
    Method.SINGLE: [MethodReason.ONLY_SUPPLIER, MethodReason.EMERGENCY, MethodReason.ADDITION],
    Method.QUOTATION: [MethodReason.UNIFORM_GOODS],
    Method.CONSULTATION: [
        MethodReason.SERVICE, MethodReason.CONSULT_COMPLEX, MethodReason.CONSULT_NO_TOTAL,
        MethodReason.RESEARCH, MethodReason.WORKS,
    ],
}  # fmt: skip


class Industry(models.TextChoices):
    """16 classes of 工信部联企业〔2011〕300号."""

    FARMING = "01", "农、林、牧、渔业"
    INDUSTRY = "02", "工业"
    CONSTRUCTION = "03", "建筑业"
    WHOLESALE = "04", "批发业"
    RETAIL = "05", "零售业"
    TRANSPORT = "06", "交通运输业"
    STORAGE = "07", "仓储业"
    POST = "08", "邮政业"
    LODGING = "09", "住宿业"
    CATERING = "10", "餐饮业"
    TELECOM = "11", "信息传输业"
    SOFTWARE = "12", "软件和信息技术服务业"
    REAL_ESTATE = "13", "房地产开发经营"
    PROPERTY = "14", "物业管理"
    LEASING = "15", "租赁和商务服务业"
    OTHER = "16", "其他未列明行业"


class FundKind(models.TextChoices):
    """资金大类 → 小类 (manual 3.5.1, matrix in domain.md §9.4)."""

    CURRENT = "current", "财政性资金 · 当年资金指标"
    CARRYOVER = "carryover", "财政性资金 · 上年结转指标"
    PRE = "pre", "财政性资金 · 预采购指标"
    UNIFIED = "unified", "统采预算"
    OTHER = "other", "其他资金（非财政性）"


ALL = set(FundKind)
FUND_MATRIX: dict[str, set[FundKind]] = {
    PlanType.PROJECT: ALL,
    PlanType.MALL: ALL - {FundKind.PRE},
    PlanType.NON_GOV: {FundKind.CURRENT, FundKind.CARRYOVER, FundKind.OTHER},
    PlanType.HISTORY: ALL - {FundKind.PRE},
}


class ImportClass(models.TextChoices):
    ENCOURAGED = "encouraged", "国家鼓励进口产品"
    RESTRICTED = "restricted", "国家限制进口产品"
    OTHER = "other", "其他进口产品"


class ImportCase(models.TextChoices):
    """政府采购法 art. 10."""

    NOT_AVAILABLE = "not_available", "需要采购的产品在中国境内无法获取"
    UNREASONABLE = "unreasonable", "无法以合理的商业条件获取"
    USED_ABROAD = "used_abroad", "为在中国境外使用而进行采购"
    LAW = "law", "其他法律、行政法规另有规定"
