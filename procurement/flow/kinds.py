"""Every kind of paper there is."""

from django.apps import apps

from .models import Document


def kinds() -> dict[str, type[Document]]:
    """By the name a paper's row in the docket says."""
    models = (model for model in apps.get_models() if issubclass(model, Document) and model is not Document)
    return {model._meta.model_name: model for model in models}
