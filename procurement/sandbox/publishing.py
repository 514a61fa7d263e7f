"""信息公开管理系统: the portal's own announcement system, behind a ticket or a login of its own."""

from html import escape
from http.cookies import CookieError, SimpleCookie

from . import pages
from .tickets import BadTicket, Visitor, read

PATH = "/publish/"
COOKIE = "pt_sid"


def enter(handler, _rest: str) -> None:
    """GET /publish/enter?ticket=: honoured exactly once; the ticket leaves the address at once."""
    server = handler.server
    if handler.command != "GET":  # a HEAD would use the ticket up
        return handler.json(405, {"error": "只能用 GET 打开"})
    try:
        claims = read(handler.query.get("ticket", ""), server.url + PATH, server.trust)
        secret = server.entrances.redeem(claims)
    except BadTicket as error:
        server.count("tickets_refused")
        return handler.html(403, refused(str(error)))
    server.count("tickets_redeemed")
    cookie = f"{COOKIE}={secret}; Path={PATH}; HttpOnly; SameSite=Lax"
    handler.send(303, b"", "text/plain", {"Location": PATH, "Set-Cookie": cookie})


def desk(handler, _rest: str) -> None:
    """GET /publish/: the visitor's desk, or how to get in."""
    visitor = handler.server.entrances.visitor(secret_of(handler.headers.get("Cookie", "")))
    if visitor is None:
        return handler.html(200, pages.page("信息公告发布登录", pages.template("entrance").substitute()))
    handler.html(200, inside(visitor, handler.server.entrances.notices(visitor)))


def secret_of(header: str) -> str:
    try:
        cookies = SimpleCookie(header)
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def refused(why: str) -> str:
    return pages.page("不能进入", pages.template("refused").substitute(why=escape(why)))


def inside(visitor: Visitor, notices) -> str:
    rows = "".join(
        f'<li><a href="/notices/{row["id"]}">{escape(row["title"])}</a>'
        f"<span>{pages.label(row['kind'])}　{pages.moment(row['published_at']):%Y-%m-%d %H:%M}</span></li>"
        for row in notices
    )
    content = pages.template("desk").substitute(
        name=escape(visitor.name), unit=escape(visitor.unit), post=escape(visitor.post),
        uscc=escape(visitor.uscc) or "—", rows=rows or "<li>本单位还没有发布公告。</li>",
    )  # fmt: skip
    return pages.page("信息公开管理系统", content)


ROUTES = [("GET", "/publish/enter", enter), ("GET", PATH, desk)]
