"""What the public sees."""

import pytest

from procurement.sandbox.sanitise import clean

from .running import a_notice

TABLE = (
    '<table class="t"><thead><tr><th>序号</th></tr></thead>'
    '<tbody><tr><td class="num">1</td></tr></tbody></table>'
)


def test_a_notice_page_shows_article_unit_and_time(sandbox, sender):
    sent = sender.send(sandbox, a_notice("intent-40-1", html=TABLE)).json
    page = sandbox.get(f"/notices/{sent['id']}").text
    for part in (
        TABLE,
        "安徽示例大学2026年11月政府采购意向",
        "采购单位：安徽示例大学",
        "发布时间",
        "采购意向",
    ):
        assert part in page
    assert sent["sha256"] in page


def test_every_answer_carries_the_strict_policy(sandbox):
    for path in ("/", "/notices/1", "/nothing", "/static/portal.css", "/api/notices/1", "/finance/quotas"):
        headers = sandbox.get(path).headers
        assert "script-src" not in headers["content-security-policy"]
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"


def test_pages_hold_no_script_and_no_inline_style(sandbox, sender):
    sender.send(sandbox, a_notice("intent-41-1", html='<p style="x" onclick="y">文<script>z</script></p>'))
    for path in ("/", "/notices/1"):
        page = sandbox.get(path).text
        assert "<script" not in page
        assert "style=" not in page
        assert "onclick" not in page


def test_the_list_is_searched_by_words_and_kind(sandbox, sender):
    sender.send(sandbox, a_notice("intent-42-1", title="显微镜采购意向"))
    sender.send(sandbox, a_notice("contract-42-1", title="显微镜采购合同公告", kind="contract"))
    found = sandbox.get("/?q=%E6%98%BE%E5%BE%AE%E9%95%9C").text  # 显微镜
    assert "显微镜采购意向" in found
    assert "显微镜采购合同公告" in found
    only = sandbox.get("/?q=%E6%98%BE%E5%BE%AE%E9%95%9C&kind=contract").text
    assert "显微镜采购意向" not in only
    assert "没有符合条件的公告" in sandbox.get("/?q=zzz").text


def test_the_list_turns_pages_of_twenty(sandbox, sender):
    for number in range(41):
        sender.send(sandbox, a_notice(f"result-43-{number}", title=f"翻页公告{number:02}", kind="result"))
    first, last = sandbox.get("/?kind=result").text, sandbox.get("/?kind=result&page=3").text
    assert first.count("pt-entry") == 20
    assert "翻页公告40" in first
    assert "第 3 / 3 页" in last
    assert last.count("pt-entry") == 1


def test_a_superseded_notice_points_to_the_newer_one(sandbox, sender):
    old = sender.send(sandbox, a_notice("intent-44-1", title="旧意向")).json
    new = sender.send(sandbox, a_notice("intent-45-1", title="新意向", supersedes="intent-44-1")).json
    assert f'已变更，以新公告为准。</strong> <a href="/notices/{new["id"]}">新意向</a>' in page(sandbox, old)
    assert f'<a href="/notices/{old["id"]}">旧意向</a>' in page(sandbox, new)
    assert "已被代替" in sandbox.get("/?q=intent-44-1").text
    gone = a_notice("intent-46-1", title="撤销公告", supersedes="intent-45-1", data={"withdrawal": True})
    sender.send(sandbox, gone)
    assert "本公告已被撤销" in page(sandbox, new)


def page(sandbox, sent) -> str:
    return sandbox.get(f"/notices/{sent['id']}").text


@pytest.mark.parametrize(
    "path", ["/notices/999999", "/notices/x", "/notices/", "/notices/٣", "/x", "/?page=x&page=-1"]
)
def test_odd_addresses_get_a_page_not_an_error(sandbox, path):
    answer = sandbox.request("GET", path.replace("٣", "%D9%A3"))
    assert answer.status == (200 if path.startswith("/?") else 404)
    assert "</html>" in answer.text


def test_titles_are_text_never_markup(sandbox, sender):
    sent = sender.send(sandbox, a_notice("intent-47-1", title="<b>$words</b>&")).json
    for text in (page(sandbox, sent), sandbox.get("/?q=intent-47-1").text):
        assert "&lt;b&gt;$words&lt;/b&gt;&amp;" in text
        assert "<b>$words" not in text


@pytest.mark.parametrize(
    ("dirty", "safe"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<scr<script>ipt>x</script>y", "ipt&gt;xy"),
        ('<p onclick="x" class="num" id="i">a', '<p class="num">a</p>'),
        ('<p class="a&quot; onmouseover=x">a</p>', "<p>a</p>"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<a href='javascript:x'>文</a>", "文"),
        ("<style>*{}</style><svg><p>x</svg>甲", "甲"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("<!-- x --><![CDATA[y]]><?php z ?>乙", "乙"),
        ("</div></p><table><tr><td>1", "<table><tr><td>1</td></tr></table>"),
        ("<strong>a<p>b</strong>c", "<strong>a<p>b</p></strong>c"),
        ("<br/>a<BR>", "<br>a<br>"),
        ("<script/>甲<p>乙", "甲<p>乙</p>"),
    ],
)
def test_only_harmless_structure_survives(dirty, safe):
    assert clean(dirty) == safe
