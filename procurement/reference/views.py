"""Pages of master data: the category picker's fragments."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from .pickers import Picker, words


@require_safe
def categories(request):
    """One level of the catalogue (?parent=CODE) or what is found (?q=…); ?mall=1 what the mall sells."""
    picker = Picker(mall=request.GET.get("mall") == "1")
    wanted = words(request.GET.get("q", ""))
    rows = picker.search(wanted) if wanted else picker.level(words(request.GET.get("parent", "")))
    context = {"rows": rows, "words": wanted, "parent": request.GET.get("parent", "")}
    return render(request, "reference/categories.html", context)
