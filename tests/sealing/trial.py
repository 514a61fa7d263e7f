"""A kind of sealed paper for the tests of the machinery."""

from procurement.sealing.registry import TEMPLATES, Template, register

if "trial" not in TEMPLATES:
    register(
        Template(
            "trial", "试验文件", "sealing/paper.html", context=lambda snapshot: snapshot,
            brief=lambda snapshot: [("内容", snapshot["text"])],
        )
    )  # fmt: skip
