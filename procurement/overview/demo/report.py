"""The short table at the end: what happened on the path, and who can log in with which PIN."""

from unicodedata import east_asian_width

from django.core.management import call_command

from accounts.models import Post
from procurement.flow.models import Document

from .keys import EXPIRED
from .people import PEOPLE, PIN, UNBOUND
from .world import Told


def show(out, told: Told) -> None:
    """Print both tables."""
    papers = Document.objects.count()
    head = f"{'业务流程已走通' if told.fresh else '演示数据已存在'}，单据 {papers} 件，{told.seconds:.1f} 秒"
    out.write(f"\n{head}\n")
    call_command("verify_signatures", "--all", stdout=out)
    for number, (what, who, address) in enumerate(told.lines, 1):
        out.write(f"  {number:>2}  {padded(what, 54)} {padded(who, 12)} {address}")
    out.write(f"\n可登录的用户（PIN 均为 {PIN}）\n")
    for person in PEOPLE:
        posts = (
            "、".join(f"{place} {Post(post).label}" for post, place in person.posts)
            or "系统管理员（/admin/）"
        )
        out.write(f"  {padded(person.username, 14)} {padded(person.name, 12)} {posts}")
    out.write(
        f"  {padded(UNBOUND.username, 14)} {padded(UNBOUND.name, 12)} 证书有效但未绑定，登录后由管理员批准"
    )
    out.write(f"  {padded(EXPIRED, 14)} {padded('旧证书', 12)} 证书已过期")


def padded(text: str, width: int) -> str:
    """Filled up with blanks; a Chinese character is two columns wide."""
    return text + " " * max(0, width - sum(2 if east_asian_width(char) in "WF" else 1 for char in text))
