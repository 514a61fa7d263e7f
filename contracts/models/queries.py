"""Reads of contracts."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from notices.models import Publication
from procurement.flow.documents import DocumentQuerySet
from procurement.flow.models import Delivery, Desk

SENDING = ("state", "attempts", "lease_until", "sent_at", "remote_url", "last_error")


def publication(sending: dict) -> Publication:
    """As a list knows it: enough for its status."""
    times = {name: parse_datetime(sending[name] or "") for name in ("lease_until", "sent_at")}
    return Publication(**sending | times)


class ContractQuerySet(DocumentQuerySet):
    """Lists of contracts bring plan, suppliers and publication along: still one query."""

    def for_list(self):
        suppliers = self.model._meta.get_field("suppliers").related_model.objects
        named = suppliers.filter(contract=OuterRef("pk")).order_by().values("contract")
        sending = Delivery.objects.filter(document=OuterRef("pk"), channel="portal").order_by("-pk")
        found = sending.values(found=JSONObject(**{name: name for name in SENDING}))[:1]
        return (
            super()
            .for_list()
            .select_related("approved_plan")
            .annotate(
                supplier_names=Subquery(named.annotate(all=StringAgg("name", Value("、"))).values("all")),
                sending=Subquery(found),
            )
        )

    def matching(self, text: str) -> "ContractQuerySet":
        """Also by the unit's own number and by the number of the filing."""
        text = text.replace("\x00", "").strip()
        own = Q(contract_no__icontains=text) | Q(filing_number__icontains=text)
        return self.filter(own | Q(number__icontains=text) | Q(title__icontains=text)) if text else self

    def living(self) -> "ContractQuerySet":
        return self.exclude(state=Desk.VOID)

    def filed(self) -> "ContractQuerySet":
        return self.filter(state=Desk.DONE)

    def on_the_way(self) -> "ContractQuerySet":
        """Submitted and not returned, or filed: what counts against the plan."""
        return self.living().filter(~Q(state=Desk.CLERK))
