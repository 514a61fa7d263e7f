"""The thirteen national formats (财办库〔2020〕50号), by their number."""

from .outcome import ACCEPTANCE, AWARD, CORRECTION, TERMINATION
from .parts import Field, Format, Section, Table, Term, Writer
from .purchase import COMPETITION, PREQUALIFICATION, TENDER
from .supervision import ASSESSMENT, COMPLAINT, INSPECTION

__all__ = ["FORMATS", "STANDARD", "WRITTEN", "Field", "Format", "Section", "Table", "Term", "Writer"]
STANDARD = "财办库〔2020〕50号"

AUTOMATIC = [
    Format(1, "采购意向公告", Writer.MODULE, about="由“采购意向公开”在经办岗发布时自动生成"),
    Format(8, "合同公告", Writer.MODULE, about="由“采购合同管理”在合同备案后自动生成"),
    Format(10, "单一来源采购公示", Writer.MODULE, about="由“单一来源公示”在审核通过后自动生成"),
]
WRITTEN = {
    one.number: one
    for one in (
        PREQUALIFICATION, TENDER, COMPETITION, AWARD, CORRECTION, TERMINATION, ACCEPTANCE, COMPLAINT,
        INSPECTION, ASSESSMENT,
    )
}  # fmt: skip
FORMATS = {one.number: one for one in sorted([*AUTOMATIC, *WRITTEN.values()], key=lambda one: one.number)}
