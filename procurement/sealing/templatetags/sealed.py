"""`{% load sealed %}{% notice_papers paper %}`: the sealed papers of what was published of a document."""

from django import template

from procurement.sealing import published

register = template.Library()


@register.inclusion_tag("sealing/notice_papers.html")
def notice_papers(document, number: str = ""):
    """All of a document's, or the one of a certain notice; one query."""
    papers = published.papers([document.pk])
    return {"papers": papers.filter(number=number) if number else papers}
