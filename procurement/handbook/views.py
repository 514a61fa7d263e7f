"""/help/: the contents, and a page for each chapter; nobody need be logged in to read it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .chapters import chapters


@require_safe
@login_not_required
def contents(request):
    return render(request, "handbook/contents.html", {"title": "操作手册", "chapters": chapters().values()})


@require_safe
@login_not_required
def chapter(request, number: str):
    known = chapters()
    if number not in known:
        raise Http404("手册中没有这一章")
    numbers = list(known)
    place = numbers.index(number)
    context = {
        "title": f"{number} {known[number].title}",
        "chapter": known[number],
        "chapters": known.values(),
        "previous": known[numbers[place - 1]] if place else None,
        "next": known[numbers[place + 1]] if place + 1 < len(numbers) else None,
    }
    return render(request, "handbook/chapter.html", context)
