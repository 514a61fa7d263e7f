"""App configuration."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"
    verbose_name = "采购合同"

    def ready(self):
        from plans.grown import KINDS, Grown
        from procurement.flow.context import WAITING
        from procurement.sealing.registry import register

        from . import paper, waiting
        from .entry import sources

        register(paper.TEMPLATE)
        WAITING.extend([waiting.rows, waiting.due])

        KINDS["contract"] = Grown(sources.under_contract, "已有采购合同，计划不能作废；请先删除或作废合同。")
