"""The words of an answer as the portal prints it."""

from django.template.loader import render_to_string


def title(notice) -> str:
    return f"关于{notice.unit.name}{notice.project_name}单一来源采购公示异议的答复"[:300]


def article(answer, notice, objections) -> str:
    """HTML of allowed tags only; of the objectors nothing but what the office released."""
    context = {"answer": answer, "notice": notice, "objections": objections}
    return render_to_string("notices/objectionanswer_article.html", context)


def data(answer, notice) -> dict:
    return {"number": answer.number, "about": notice.number, "result": answer.decision}
