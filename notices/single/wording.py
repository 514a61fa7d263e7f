"""The words of a notice: its title and its seven legal items as the portal prints them (74号令第三十八条)."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse


def title(paper) -> str:
    return f"{paper.unit.name}{paper.project_name}单一来源采购公示"[:300]


def objection_address(paper) -> str:
    """Where anybody may object, as text: the portal takes no links."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('objection-public', args=[paper.number])}"


def article(paper, experts) -> str:
    """The notice as HTML: allowed tags and class attributes only, user text escaped by the template."""
    context = {"paper": paper, "experts": experts, "objections": objection_address(paper)}
    return render_to_string("notices/singlesource_article.html", context)


def data(paper, experts) -> dict:
    """The same for programs; of the experts name, employer and title, nothing else personal."""
    return {
        "number": paper.number,
        "project": paper.project_name,
        "amount": str(paper.amount),
        "legal_basis": paper.legal_basis,
        "supplier": {
            "name": paper.supplier_name,
            "address": paper.supplier_address,
            "uscc": paper.supplier_uscc,
        },
        "experts": [{"name": e.name, "employer": e.employer, "title": e.title} for e in experts],
        "publicity_days": paper.publicity_days,
        "objections": objection_address(paper),
    }
