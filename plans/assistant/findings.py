"""What a rule has to say: green, orange, red, or a flag; never only "wrong"."""

from dataclasses import asdict, dataclass

GREEN, ORANGE, RED, FLAG = "green", "orange", "red", "flag"
LABELS = {GREEN: "正确", ORANGE: "提示", RED: "必须改", FLAG: "风险提示"}


@dataclass(frozen=True)
class Finding:
    """One line of the panel; kept with the submission as it was told."""

    code: str
    severity: str
    title: str
    what: str
    why: str = ""  # the legal basis
    mend: str = ""
    anchor: str = ""  # id of the field to jump to
    unread: str = ""  # „首日待核对“ where the first day of the basis was not read in the paper

    def plain(self) -> dict:
        """As stored in JSON."""
        return asdict(self)

    @property
    def label(self) -> str:
        return LABELS[self.severity]

    @property
    def sentence(self) -> str:
        """What is wrong and how to mend it, for an error message."""
        return f"{self.what}{self.mend}"


def restored(rows) -> list[Finding]:
    """The findings of a stored submission; what an older version stored otherwise is left out."""
    names = Finding.__dataclass_fields__
    return [
        Finding(**{name: str(value) for name, value in row.items() if name in names})
        for row in rows or []
        if isinstance(row, dict) and {"code", "title", "what"} <= row.keys() and row.get("severity") in LABELS
    ]


@dataclass(frozen=True)
class Verdict:
    """What a rule returns; the registry adds its code, title and basis."""

    severity: str
    what: str
    mend: str = ""
    anchor: str = ""


def fine(what: str) -> Verdict:
    return Verdict(GREEN, what)


def doubt(what: str, mend: str, anchor: str = "") -> Verdict:
    return Verdict(ORANGE, what, mend, anchor)


def stop(what: str, mend: str, anchor: str = "") -> Verdict:
    return Verdict(RED, what, mend, anchor)


def flag(what: str, mend: str, anchor: str = "") -> Verdict:
    return Verdict(FLAG, what, mend, anchor)
