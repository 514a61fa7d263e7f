"""{% announcing %}: 发布公告 on the page of a book; {% announcing_result result %} beside one result."""

from django import template

from .. import announcing as offers

register = template.Library()


@register.inclusion_tag("tasks/announcing.html", takes_context=True)
def announcing(context):
    """Asks nothing of the database that the page has not read already."""
    return {"links": offers.links(context["paper"], context["user"], context["results"])}


@register.simple_tag(takes_context=True)
def announcing_result(context, result) -> str:
    """The address of the award notice of this result, or nothing."""
    book, good = context["paper"], result.standing == "effective" and not result.failed
    offered = good and offers.links(book, context["user"], [result])
    return offers.address(book.number, offers.AWARD, result.pk) if offered else ""
