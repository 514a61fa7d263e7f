"""The shape of the house: who may import whom, who may write what."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = [
    "procurement.handbook",
    "accounts",
    "procurement.reference",
    "procurement.flow",
    "budgets",
    "notices",
    "procurement.sealing",
    "intents",
    "plans",
    "tasks",
    "contracts.suppliers",
    "contracts",
    "contracts.statistics",
    "procurement.overview",
    "procurement.practice",
]
OUTSIDE = ["procurement.sandbox", "procurement.launch"]


def folder(package: str) -> Path:
    return ROOT / package.replace(".", "/")


def modules(package: str) -> list[Path]:
    """Its files, but for those of a package inside it that has a place of its own in the order."""
    inner = [folder(other) for other in ORDER if other.startswith(package + ".")]
    found = sorted(folder(package).rglob("*.py"))
    return [path for path in found if not any(one in path.parents for one in inner)]


def imported(path: Path) -> set[str]:
    """Absolute module names a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_every_app_has_its_place_in_the_order(settings):
    assert [name for name in settings.INSTALLED_APPS if folder(name).is_dir() and name not in ORDER] == []


@pytest.mark.parametrize("package", ORDER)
def test_imports_point_downwards_only(package):
    above = ORDER[ORDER.index(package) + 1 :] + OUTSIDE
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(package)
        for name in imported(path)
        if any(name == app or name.startswith(app + ".") for app in above)
    }
    assert not wrong


@pytest.mark.parametrize("package", ["procurement.sandbox", "accounts.cakey.agent"])
def test_programs_that_ship_alone_import_no_app_and_no_django(package):
    own = [app for app in ORDER if not package.startswith(app)] + ["django"]
    wrong = {
        f"{path.name} imports {name}"
        for path in modules(package)
        for name in imported(path)
        if any(name == app or name.startswith(app + ".") for app in own)
    }
    assert not wrong


def sources():
    for package in ORDER:
        for path in modules(package):
            if "migrations" not in path.parts:
                yield path, path.read_text()


FORBIDDEN = {
    "state written past the one door": r"Document[^\n]*\.update\([^)]*\bstate=",
    "trust marked by hand": r"mark_safe|csrf_exempt|\.raw\(",
    "a shell": r"shell=True",
    "a queued job inside a transaction": r"(?<!_commit\(lambda: )\b\w+\.delay\(",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_forbidden_habits(what):
    found = [str(path.relative_to(ROOT)) for path, text in sources() if re.search(FORBIDDEN[what], text)]
    assert not found, what


def test_only_the_one_renderer_makes_pdfs():
    found = [path.name for path, text in sources() if re.search(r"\bHTML\(", text)]
    assert found == ["printing.py"]


def test_no_inline_script_or_style_in_any_template():
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"<script>|<style|\sstyle=|\son(click|change|submit|load|input)=", path.read_text())
        and path.name != "print.html"
    ]
    assert not found


def test_tests_are_skipped_only_where_the_shared_files_are_absent():
    skips = re.compile(r"pytest\.(skip|importorskip)\(|mark\.(skip|skipif|xfail)\b")
    found = [path.name for path in sorted((ROOT / "tests").rglob("*.py")) if skips.search(path.read_text())]
    assert found == ["absent.py"]


MACHINE = {  # keys, sessions, leases, limits and sweeps: they ask the machine, whatever day business has
    "notices/announcements/models.py", "notices/announcements/tickets.py", "notices/models.py",
    "notices/objections/files.py", "notices/objections/jobs.py", "notices/workbench/findings.py",
    "notices/workbench/inspecting.py", "notices/workbench/models.py", "procurement/flow/draft_pages.py",
    "procurement/flow/drafts.py", "procurement/flow/jobs.py", "procurement/overview/demo/keys.py",
    "procurement/overview/home.py", "procurement/practice/clock.py", "procurement/practice/models.py",
    "procurement/practice/views.py", "procurement/practice/visits.py", "procurement/sealing/limits.py",
    "procurement/sealing/models.py",
}  # fmt: skip
ASKS = re.compile(
    r"timezone\.now|timezone\.local(date|time)\((\)|[^)]*else None)|date\.today|datetime\.now|auto_now_add"
)


def test_business_asks_the_clock_of_business():
    found = {
        str(path.relative_to(ROOT))
        for path, text in sources()
        if ASKS.search(text) and ROOT / "accounts" not in path.parents
    }
    assert found - MACHINE == {"procurement/sealing/pades.py", "tasks/executors/signatures.py"}  # their keys
    assert found >= MACHINE
