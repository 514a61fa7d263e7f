"""规则试验室 as the administration knows it: thresholds, looked at and never written."""

from procurement.reference.models import Threshold


class RuleTrial(Threshold):
    """Who holds its one permission may try thresholds on plans."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "规则试验室"
        default_permissions = ("view",)
