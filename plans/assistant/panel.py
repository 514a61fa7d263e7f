"""What the template of the panel shows: findings in three groups, and the ring."""

from collections.abc import Iterable, Mapping

from .findings import FLAG, GREEN, ORANGE, RED, Finding

AROUND = 119.4  # of a circle with radius 19
SHOWN = 4  # green lines before „展开其余“
LONG = 300


def kept_reasons(data: Mapping) -> dict[str, str]:
    """Reasons typed beside orange findings: fields named keep:CODE of a posted form."""
    found = {name[5:]: str(data[name]).replace("\x00", "").strip() for name in data if name[:5] == "keep:"}
    return {code[:4]: reason[:LONG] for code, reason in found.items() if reason}


class Panel:
    """One examination, grouped; `kept` holds the reasons for orange findings."""

    def __init__(self, findings: Iterable[Finding], kept: Mapping | None = None, *, readonly: bool = False):
        self.findings, self.kept, self.readonly = list(findings), dict(kept or {}), readonly

    def of(self, severity: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == severity]

    @property
    def red(self) -> list[Finding]:
        return self.of(RED)

    @property
    def orange(self) -> list[tuple[Finding, str]]:
        """Each with the reason it is kept for, if any."""
        return [(finding, self.kept.get(finding.code, "")) for finding in self.of(ORANGE)]

    @property
    def unexplained(self) -> list[Finding]:
        """Orange findings that were neither mended nor given a reason."""
        return [finding for finding, reason in self.orange if not reason]

    @property
    def flags(self) -> list[Finding]:
        return self.of(FLAG)

    @property
    def green(self) -> list[Finding]:
        return self.of(GREEN)

    @property
    def first(self) -> list[Finding]:
        return self.green[:SHOWN]

    @property
    def rest(self) -> list[Finding]:
        return self.green[SHOWN:]

    @property
    def total(self) -> int:
        return len(self.red) + len(self.orange) + len(self.green)

    @property
    def dash(self) -> str:
        """How much of the ring is drawn."""
        share = len(self.green) / self.total if self.total else 0
        return f"{AROUND * share:.1f} {AROUND}"
