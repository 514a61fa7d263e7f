"""The same chapters as Markdown, for those who read docs/manual/ beside the code."""

from .chapters import Chapter, Section, Step

CONTENTS = "README.md"
HEAD = "（由 `./run manual` 走一遍系统生成，请勿手改；图中红框是要看或要点的地方。）"


def name(chapter: Chapter) -> str:
    return f"{chapter.number}.md"


def contents(chapters: list[Chapter]) -> str:
    lines = ["# 操作手册", "", "安徽省级政府采购监管系统 · 采购单位和财政部门用户", "", HEAD, ""]
    for one in chapters:
        lines.append(f"- [{one.number} {one.title}]({name(one)})")
        if one.divided:
            lines += [f"  - [{part.number} {part.title}]({name(one)}#{part.anchor})" for part in one.sections]
    return "\n".join(lines) + "\n"


def page(chapter: Chapter) -> str:
    blocks = [f"# {chapter.number} {chapter.title}", f"[目录]({CONTENTS})"]
    if chapter.lead:
        blocks.append(chapter.lead)
    for part in chapter.sections:
        blocks += section(part, chapter.divided)
    return "\n\n".join(blocks) + "\n"


def section(part: Section, headed: bool) -> list[str]:
    blocks = [f'<a id="{part.anchor}"></a>', f"## {part.number} {part.title}"] if headed else []
    if part.lead:
        blocks.append(part.lead)
    for number, one in enumerate(part.steps, 1):
        blocks += step(one, number)
    return blocks + [f"> {note}" for note in part.notes]


def step(one: Step, number: int) -> list[str]:
    blocks = [f'<a id="{one.anchor}"></a>', f"### 第 {number} 步 {one.title}", *one.text]
    return [*blocks, f"![{one.title}](pictures/{one.picture})"] if one.picture else blocks
