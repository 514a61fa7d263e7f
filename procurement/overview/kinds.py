"""Every kind of paper there is, found through the declared stages."""

from procurement.flow.stages import Stage


def stages() -> dict[str, type[Stage]]:
    """{kind: its stage} of all stages declared so far."""
    found, waiting = {}, [Stage]
    while waiting:
        stage = waiting.pop(0)
        waiting += stage.__subclasses__()
        if hasattr(stage, "model"):
            found[stage.slug()] = stage
    return found


def label(stage: type[Stage] | None) -> str:
    return stage.model._meta.verbose_name if stage else "单据"


def listed(papers) -> list[dict]:
    """Papers of any kind with their address and the name of their kind."""
    known = stages()
    return [
        {
            "paper": paper,
            "kind": label(known.get(paper.kind)),
            "url": known[paper.kind].url("detail", paper.pk) if paper.kind in known else "",
            "edit_url": edit_url(known.get(paper.kind), paper),
            "status": status(known.get(paper.kind), paper),
        }
        for paper in papers
    ]


def edit_url(stage: type[Stage] | None, paper) -> str:
    """Where it is written; a paper that grew out of another one is not."""
    return stage.url("edit", paper.pk) if stage and stage.begun_by_itself else ""


def status(stage: type[Stage] | None, paper) -> str:
    """The state in the words of the paper's own kind; `paper` may be the bare docket row."""
    return stage.model.status.fget(paper_of(stage, paper)) if stage else paper.status


def paper_of(stage: type[Stage], paper):
    """The docket row seen as its kind, without another query: enough for labels, not for content."""
    names = [field.attname for field in paper._meta.concrete_fields]
    return stage.model(**{name: getattr(paper, name) for name in names})
