"""`{% load sealed %}{% notice_papers paper %}`: the sealed papers of what was published of a document."""

from django import template

from procurement.sealing.models import SealedPaper
from procurement.sealing.published import SLUG

register = template.Library()


@register.inclusion_tag("sealing/notice_papers.html")
def notice_papers(document, number: str = ""):
    """All of a document's, or the one of a certain notice; one query."""
    papers = SealedPaper.objects.filter(document=document, template=SLUG)
    return {"papers": papers.filter(number=number) if number else papers}
