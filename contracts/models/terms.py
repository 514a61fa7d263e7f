"""The terms of a contract beside its lines, in groups (domain.md §15.1)."""

from django.db import models

from . import choices
from .fields import chosen, day, money, sum_or_none, switch, text


class PurchaserTerms(models.Model):
    """甲方: known from the plan and the unit, corrected by the clerk where needed."""

    purchaser_contact = text("甲方联系人", 40)
    purchaser_phone = text("甲方电话", 40)
    purchaser_address = text("甲方地址", 200)
    purchaser_fax = text("甲方传真", 40)

    class Meta:
        abstract = True


class MoneyTerms(models.Model):
    """Price, payment, guarantee (政府采购法实施条例第四十八条, 保障中小企业款项支付条例)."""

    pricing = chosen("定价方式", choices.Pricing, default=choices.Pricing.FIXED_TOTAL)
    pay_type = chosen("付款方式", choices.PayType, default=choices.PayType.ONCE)
    pay_days = models.PositiveSmallIntegerField("付款期限（交付后天数）", null=True, blank=True)
    has_advance = switch("约定预付款")
    advance = sum_or_none("预付款（元）")
    has_bond = switch("收取履约保证金")
    bond = sum_or_none("履约保证金（元）")
    bond_form = chosen("履约保证金形式", choices.Security)
    has_retention = switch("预留质量保证金")
    retention = sum_or_none("质量保证金（元）")
    retention_form = chosen("质量保证金形式", choices.Security)
    sme_preference = switch("评审给予中小企业价格扣除")
    manufacturer_is_sme = switch("货物由中小企业制造")
    financing_allowed = switch("允许供应商凭合同融资（政采贷）")
    signed_online = switch("线上签订")
    has_secret_terms = switch("含涉密条款")

    class Meta:
        abstract = True


class TimeTerms(models.Model):
    """Days and places; the last four follow from the first and the calendar (domain.md §22)."""

    opened_on = day("开标日期")
    result_on = day("中标（成交）日期")
    award_notice_on = day("通知书发出日期")
    signed_on = day("签订日期")
    sign_place = text("签订地点", 200)
    starts_on = day("履约开始日期")
    ends_on = day("履约结束日期")
    place = text("履约地点", 200)
    sign_by = models.DateField("签订期限", null=True, editable=False)
    notice_by = models.DateField("公告期限", null=True, editable=False)
    file_by = models.DateField("备案期限", null=True, editable=False)
    statistics_by = models.DateField("统计填报期限", null=True, editable=False)

    class Meta:
        abstract = True


class AcceptanceTerms(models.Model):
    """How performance is accepted (政府采购需求管理办法第二十四条)."""

    inspector = chosen("验收组织方式", choices.Inspector)
    inspecting_body = text("受托验收机构", 200)
    invites_suppliers = switch("邀请其他供应商参与验收")
    invites_experts = switch("邀请专家参与验收")
    invites_users = switch("邀请服务对象参与验收")
    third_party_test = switch("第三方检测")
    spot_check = switch("抽查检测")
    spot_share = models.DecimalField("抽查比例（％）", max_digits=5, decimal_places=2, null=True, blank=True)
    destructive_test = switch("破坏性检测")
    destroyed_goods = text("损毁样品的处理", 300)
    accept_on = day("验收日期")
    accept_days = models.PositiveSmallIntegerField("申请后几日内验收", null=True, blank=True)
    inspection = chosen("验收方式", choices.Inspection)
    inspection_plan = text("分段（分期）安排", 500)
    acceptance_content = models.TextField("验收内容", max_length=2000, blank=True)
    acceptance_standard = models.TextField("验收标准", max_length=2000, blank=True)
    acceptance_procedure = models.TextField("验收程序", max_length=2000, blank=True)
    sample_reference = switch("以样品为参考")

    class Meta:
        abstract = True


class FilingFacts(models.Model):
    """What the filing and what came after it left behind; nobody types these."""

    filing_number = models.CharField("备案编号", max_length=30, blank=True, editable=False)
    filed_at = models.DateTimeField("备案时间", null=True, editable=False)
    late_reason = models.CharField("逾期备案原因", max_length=500, blank=True, editable=False)
    released = money("结项释放金额", default=0, editable=False)
    standing = models.CharField(
        "履行状态", max_length=10, choices=choices.Standing, blank=True, editable=False
    )
    returned = money("终止退回金额", default=0, editable=False)
    ended_on = models.DateField("终止或完成日期", null=True, editable=False)
    voided_at = models.DateTimeField("作废时间", null=True, editable=False)

    class Meta:
        abstract = True
