"""规则试验室 in the administration: thresholds tried on the plans of a year; nothing is written."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from procurement.flow.admin import ReadOnlyAdmin
from procurement.flow.export import download

from .assistant.laboratory import Trial, years
from .assistant.trialform import TrialForm
from .assistant.trialpage import grown, sheet
from .models import RuleTrial

PAGE = "admin/plans/ruletrial/page.html"


@admin.register(RuleTrial)
class RuleTrialAdmin(ReadOnlyAdmin):
    """One page and its export; both are GET, so a trial can be kept as a bookmark."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(require_safe(self.trial)), name="plans_ruletrial_changelist"),
            path("export/", wrap(require_safe(self.export)), name="plans_ruletrial_export"),
        ]

    def asked(self, request) -> TrialForm:
        if not self.has_view_permission(request):
            raise PermissionDenied("规则试验室只对有权限的系统管理员开放。")
        return TrialForm(request.GET, years=years())

    def context(self, request, form: TrialForm) -> dict:
        title = self.model._meta.verbose_name
        return {
            **self.admin_site.each_context(request),
            "form": form,
            "title": title,
            "opts": self.model._meta,
        }

    def trial(self, request):
        form = self.asked(request)
        context = self.context(request, form)
        if not form.is_valid():
            return render(request, PAGE, context)
        page = render_to_string(PAGE, context | {"trying": form.lines_tried()}, request)
        export = f"{reverse('admin:plans_ruletrial_export')}?{request.GET.urlencode()}"
        trial = Trial(form.cleaned_data["year"], form.changes())
        return StreamingHttpResponse(grown(page, trial, export=export))

    def export(self, request):
        form = self.asked(request)
        if not form.is_valid():
            return render(request, PAGE, self.context(request, form))
        trial = Trial(form.cleaned_data["year"], form.changes())
        return download(f"规则试算-{trial.year}年.xlsx", sheet(trial))
