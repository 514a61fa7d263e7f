"""`manage.py verify_signatures --all | --subject KIND:PK`: every signed decision again, offline."""

from django.core.management.base import BaseCommand, CommandError

from accounts.cakey import decisions
from accounts.models import DecisionSignature
from procurement.flow import proofs


class Command(BaseCommand):
    """Signatures by themselves (content, certificate, path when made, chain), then the logs by them."""

    help = "重新核验业务签名和流程轨迹（不联网）"

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="全部")
        which.add_argument("--subject", default="", help="一份单据，如 budgetentry:17")

    def handle(self, *, subject, **options):
        signatures, broken = self.signatures(subject)
        papers, moves, faults = self.papers(subject, options["verbosity"] > 1 or subject)
        broken += faults
        broken += [f"签名 {row.pk} {row}: MOVE_GONE" for row in proofs.unused(subject)]
        if broken:
            raise CommandError("签名核验未通过：\n" + "\n".join(broken))
        self.stdout.write(
            f"已核验 {signatures} 个业务签名，全部有效；{papers} 份单据的 {moves} 步办理与签名和轨迹一致"
        )

    def signatures(self, subject: str) -> tuple[int, list[str]]:
        rows = DecisionSignature.objects.select_related("certificate").order_by("pk")
        found = list(decisions.faults(rows.filter(subject=subject) if subject else rows))
        return len(found), [f"签名 {row.pk} {row}: {fault}" for row, fault in found if fault]

    def papers(self, subject: str, told: bool) -> tuple[int, int, list[str]]:
        """How many papers and moves, and what is wrong with them."""
        since, papers, moves, broken = proofs.begun(), 0, 0, []
        for paper in proofs.papers(subject):
            faults = list(proofs.faults(paper, since))
            if faults:  # or it was moved while we read
                faults = list(proofs.faults(type(paper).objects.get(pk=paper.pk), since))
            papers, moves = papers + 1, moves + paper.moves.count()
            broken += [f"{paper.kind}:{paper.pk} {paper.number} {named(move)}: {why}" for move, why in faults]
            if told and not faults:
                self.tell(paper, since)
        return papers, moves, broken

    def tell(self, paper, since: int | None) -> None:
        self.stdout.write(f"{paper.kind}:{paper.pk} {paper}")
        for number, move in enumerate(proofs.log_of(paper), 1):
            state = f"已签名 {move.signer}" if move.signature_id else unsigned(move, since)
            self.stdout.write(f"  {number} {paper.verb_label(move.verb)} {move.by} {state}")


def named(move) -> str:
    return f"第 {move.pk} 号 {move.verb} {move.by}" if move else "单据"


def unsigned(move, since: int | None) -> str:
    return "启用签名之前" if since is None or move.pk < since else "无须签名"
