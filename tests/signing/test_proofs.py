"""`verify_signatures` finds what an insider has changed in the database; OpenSSL needs no us."""

import json
import re
import subprocess
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import DecisionSignature
from procurement import clock
from procurement.flow.models import Move
from procurement.flow.snapshots import digest
from tests.papers import entry

from .test_every_page import Ground, approve_change, confirmed, file_plan, ground  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
SIGNATURES, MOVES = "accounts_decisionsignature", "flow_move"


def verified(*words) -> str:
    out = StringIO()
    call_command("verify_signatures", *(words or ["--all"]), stdout=out)
    return out.getvalue()


@pytest.fixture
def decided(at_desk, unit, clerk, settings):
    """Submitted, approved by the unit, returned by the division, submitted again: four signed moves."""
    paper = entry(unit, clerk)
    settings.DECISION_SIGNATURES = True
    paper = at_desk("clerk").decide(paper, "submit")
    paper = at_desk("reviewer").decide(paper, "approve", opinion="材料齐全，同意。")
    back = {"to": "clerk", "reason": "amount", "opinion": "金额与指标不符。"}
    paper = at_desk("divisional").decide(paper, "send_back", **back)
    return at_desk("clerk").decide(paper, "submit")


def test_what_is_whole_is_proved(decided):
    assert "已核验 4 个业务签名，全部有效；1 份单据的 4 步办理与签名和轨迹一致" in verified()


def test_one_paper_is_told_move_by_move(decided, unit, clerk, settings):
    told = verified("--subject", f"budgetentry:{decided.pk}")
    lines = [line.strip() for line in told.splitlines() if "已签名" in line]
    assert lines == ["1 提交 李经办 已签名 李经办", "2 通过 王审核 已签名 王审核", "3 退回 周宁 已签名 周宁",
                     "4 提交 李经办 已签名 李经办"]  # fmt: skip


def test_what_was_decided_before_signing_began_needs_none(unit, clerk, reviewer, at_desk, settings):
    older = entry(unit, clerk).perform("submit", clerk)
    settings.DECISION_SIGNATURES = True
    at_desk("reviewer").decide(older, "approve")
    assert "1 个业务签名" in verified()
    assert "启用签名之前" in verified("--subject", f"budgetentry:{older.pk}")


def run(statement: str, *values) -> None:
    """An insider with the database's own rights."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {SIGNATURES} DISABLE TRIGGER written_once")
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {SIGNATURES} ENABLE TRIGGER written_once")


def chained_again(paper) -> None:
    """He knows how the log is chained, and makes it whole again; a key he has not."""
    previous = ""
    for move in paper.moves.select_related("signature").order_by("pk"):
        move.previous = previous
        previous = digest(move.facts())
        Move.objects.filter(pk=move.pk).update(previous=move.previous, sha256=previous)
    type(paper).objects.filter(pk=paper.pk).update(head=previous)


EDIT, RESIGN = f"UPDATE {MOVES} SET", f"UPDATE {SIGNATURES} SET"
FIRST = f"(SELECT min(id) FROM {SIGNATURES})"
LAST = f"(SELECT max(id) FROM {MOVES})"
SECOND = f"(SELECT id FROM {MOVES} ORDER BY id OFFSET 1 LIMIT 1)"
EDITED = [  # of a move, after which the hash chain is made whole again
    (f"{EDIT} opinion = '不同意' WHERE id = {SECOND}", "MOVE_DIFFERS opinion"),
    (f"{EDIT} verb = 'send_back' WHERE id = {SECOND}", "MOVE_DIFFERS action"),
    (f"{EDIT} target = 'office' WHERE id = {SECOND}", "MOVE_DIFFERS to"),
    (f"{EDIT} source = 'clerk' WHERE id = {SECOND}", "MOVE_DIFFERS from"),
    (f"{EDIT} reason = 'other' WHERE reason = 'amount'", "MOVE_DIFFERS reason"),
    (f"{EDIT} post = 'approver' WHERE id = {SECOND}", "MOVE_DIFFERS post"),
    (f"{EDIT} content_sha256 = repeat('0', 64) WHERE id = {SECOND}", "MOVE_DIFFERS content_sha256"),
    (f"{EDIT} at = at - interval '2 days' WHERE id = {SECOND}", "TIME_DIFFERS"),
    (f"{EDIT} at = at + interval '6 minutes' WHERE id = {LAST}", "TIME_DIFFERS"),
    (f"{EDIT} at = at - interval '9 days' WHERE id = {LAST}", "TIME_DIFFERS"),
    (f"{EDIT} by_id = (SELECT max(id) FROM accounts_user) WHERE id = {LAST}", "SIGNER_DIFFERS"),
    (f"{EDIT} key = repeat('0', 64) WHERE id = {LAST}", "SIGNER_DIFFERS"),
    (f"{EDIT} signature_id = NULL WHERE id = {LAST}", "UNSIGNED"),
    (f"{EDIT} signature_id = NULL, verb = 'lapse', target = 'void' WHERE id = {LAST}", "MOVE_GONE"),
    (f"{EDIT} signature_id = {FIRST} WHERE id = {LAST}", "MOVE_DIFFERS head"),
    (f"{EDIT} signature_id = {FIRST} WHERE id = {SECOND}", "SIGNER_DIFFERS"),
    (f"DELETE FROM {MOVES} WHERE id = {LAST}", "MOVE_GONE"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "fault"), EDITED)
def test_an_edited_move_is_found_even_in_a_chain_made_whole_again(decided, statement, fault):
    run(statement)
    chained_again(decided)
    with pytest.raises(CommandError, match=fault):
        verified()


def test_a_move_nobody_made_is_found(decided):
    """Approved out of nothing by a chain that is whole."""
    last = decided.moves.last()
    Move.objects.create(
        document_id=decided.pk, verb="approve", source="unit", target="division", by=last.by, post="reviewer",
        organization=last.organization, key=last.key, previous=last.sha256, sha256="",
    )  # fmt: skip
    run("UPDATE flow_document SET state = 'division' WHERE id = %s", decided.pk)
    chained_again(decided)
    with pytest.raises(CommandError, match="UNSIGNED"):
        verified()


TAMPERED = [
    (f"{RESIGN} content = replace(content, '同意', '反对')", "SIG_INVALID"),
    (f"{RESIGN} content = '{{}}'", "CONTENT_MALFORMED"),
    (f"{RESIGN} action = 'void'", "ROW_DIFFERS"),
    (f"{RESIGN} subject = 'intent:1'", "ROW_DIFFERS"),
    (f"{RESIGN} created_at = created_at + interval '1 hour'", "TIME_DIFFERS"),
    (f"{RESIGN} cms = (SELECT s.cms FROM {SIGNATURES} s WHERE id = {FIRST})", "SIG_INVALID|ROW"),
    ("UPDATE flow_document SET state = 'done'", "STATE_DIFFERS"),
    ("UPDATE flow_document SET head = repeat('0', 64)", "LOG_CUT_OFF"),
    (f"{EDIT} opinion = '改' WHERE id = {LAST}", "LOG_BROKEN"),
    (f"{EDIT} snapshot = '{{}}' WHERE id = {LAST}", "LOG_BROKEN"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "fault"), TAMPERED)
def test_a_tampered_signature_or_row_is_found(decided, statement, fault):
    run(statement)
    with pytest.raises(CommandError, match=fault):
        verified()


def test_exchanged_signatures_are_found(decided):
    first, second = DecisionSignature.objects.filter(action="submit")
    run(f"{EDIT} signature_id = %s + %s - signature_id WHERE signature_id IN (%s, %s)",
        first.pk, second.pk, first.pk, second.pk)  # fmt: skip
    chained_again(decided)
    with pytest.raises(CommandError, match="MOVE_DIFFERS head"):
        verified()


def test_the_database_itself_keeps_a_signature_that_a_move_names(decided):
    with pytest.raises(Exception, match="violates foreign key"):
        run(f"DELETE FROM {SIGNATURES} WHERE id = (SELECT max(id) FROM {SIGNATURES})")


def test_a_consequence_needs_the_decision_it_follows_from(at_desk, ground, settings):  # noqa: F811
    """A caused move under a signature whose own paper knows nothing of it."""
    who, paper, page, data = approve_change(ground)
    settings.DECISION_SIGNATURES = True
    desk = at_desk(who)
    desk.sign(desk.client.post(page, {"version": paper.version, **data}))
    assert "1 个业务签名" in verified()
    caused = Move.objects.filter(verb__in=["replace", "supersede", "inherit"]).select_related("signature")
    leading = Move.objects.get(document=paper, verb="approve", source="office")
    assert {move.signature for move in caused} == {leading.signature}
    run(f"{EDIT} signature_id = NULL WHERE id = %s", leading.pk)
    chained_again(type(paper).objects.get(pk=paper.pk))
    with pytest.raises(CommandError, match="OTHER_PAPER"):
        verified()


def test_the_filing_of_a_book_stands_on_the_plans_signature(at_desk, ground, settings):  # noqa: F811
    who, plan, page, data = file_plan(ground)
    settings.DECISION_SIGNATURES = True
    desk = at_desk(who)
    desk.sign(desk.client.post(page, {"version": plan.version, **data}))
    filed = Move.objects.get(verb="file")
    said = json.loads(filed.signature.content)
    assert (said["subject"], said["action"], said["book"]) == (f"plan:{plan.pk}", "file", 1)
    assert (said["content_sha256"], said["head"]) == (plan.content_sha256, plan.head)
    assert "全部有效" in verified()


# --- for whoever does not trust us -------------------------------------------------------------------------


def openssl(folder, command: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)  # noqa: S602


def test_openssl_verifies_what_was_exported_by_the_commands_of_its_readme(decided, tmp_path):
    out, folder = StringIO(), tmp_path / "evidence"
    call_command("export_evidence", "budgetentry", str(decided.pk), str(folder), stdout=out)
    assert "4 个业务签名已导出" in out.getvalue()
    readme = (folder / "README.txt").read_text()
    commands = re.findall(r"^  (cd \d\d-\w+ && openssl cms .+?); cd \.\.$", readme, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        done = openssl(folder, command)
        assert done.returncode == 0, done.stderr
        assert "erification successful" in done.stderr
    first = folder / "01-submit"
    content = json.loads((first / "content.json").read_text())
    summed = openssl(first, "openssl dgst -sha256 snapshot.json").stdout
    assert content["content_sha256"] in summed
    assert "No Revoked Certificates" in openssl(folder, "openssl crl -in crl-1.pem -noout -text").stdout
    (first / "content.json").write_text((first / "content.json").read_text().replace("submit", "approve"))
    assert openssl(folder, commands[0]).returncode != 0


def test_an_export_overwrites_nothing_and_needs_a_decided_paper(decided, unit, clerk, tmp_path):
    (tmp_path / "there").write_text("x")
    with pytest.raises(CommandError, match="新的或空的文件夹"):
        call_command("export_evidence", "budgetentry", str(decided.pk), str(tmp_path))
    with pytest.raises(CommandError, match="没有办理过"):
        call_command("export_evidence", "budgetentry", str(entry(unit, clerk).pk), str(tmp_path / "new"))


@pytest.mark.parametrize("days", [3, 400])
def test_in_practice_days_run_ahead_and_the_proof_holds(
    at_desk, unit, clerk, settings, monkeypatch, tmp_path, days
):
    """The move has the day of business, the signature the machine's moment."""
    paper = entry(unit, clerk).perform("submit", clerk)
    settings.DECISION_SIGNATURES = True
    (tmp_path / "ahead").write_text(str(days))
    monkeypatch.setenv(clock.VARIABLE, str(tmp_path / "ahead"))
    at_desk("reviewer").decide(paper, "approve")
    assert "1 个业务签名" in verified()
    run(f"{EDIT} at = at + interval '6 minutes' WHERE id = {LAST}")
    chained_again(paper)
    with pytest.raises(CommandError, match="TIME_DIFFERS"):
        verified()
