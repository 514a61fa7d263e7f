"""The browser fixtures themselves: fonts, and the watch over what pages complain of."""

import http.server
import threading

import pytest

PAGE = (
    "<!doctype html><html lang='zh-CN'><head><title>页</title><link rel='icon' href='data:,'>{head}</head>"
    "<body><main><h1>采购计划</h1>{body}</main></body></html>"
)


class Site(http.server.BaseHTTPRequestHandler):
    """One page under a strict content policy; anything else is missing."""

    html = PAGE.format(head="", body="")

    def do_GET(self):
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
        self.end_headers()
        self.wfile.write(self.html.encode() if self.path == "/" else b"")

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    handler = type("Handler", (Site,), {})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        handler.address = f"http://127.0.0.1:{server.server_port}/"
        yield handler
        server.shutdown()
        thread.join()


def test_a_good_page_is_no_complaint_and_passes_axe(site, page, axe, complaints):
    page.goto(site.address)
    axe(page)
    assert complaints.standing() == []


def test_chinese_is_drawn_with_the_packaged_font(site, page):
    page.goto(site.address)
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    heading = devtools.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})["nodeId"]
    fonts = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": heading})["fonts"]
    assert {font["familyName"] for font in fonts} <= {"Noto Sans SC", "Noto Serif SC"}
    assert sum(font["glyphCount"] for font in fonts) == 4


@pytest.mark.parametrize(
    ("head", "body", "complaint"),
    [
        ("<script>document.title = 'x'</script>", "", "Content Security Policy"),
        ("", "<p style='color: red'>红</p>", "Content Security Policy"),
        ("<script src='/gone.js'></script>", "", "404"),
        ("", "<img alt='' src='/gone.png'>", "404"),
        ("", "<img alt='' src='http://procurement.invalid/a.png'>", "another host|Content Security Policy"),
    ],
)
def test_a_bad_page_is_a_complaint(site, page, complaints, head, body, complaint):
    site.html = PAGE.format(head=head, body=body)
    page.goto(site.address)
    assert complaints.standing()
    complaints.forgive(complaint)


def test_axe_names_what_is_wrong(site, page, axe):
    site.html = PAGE.format(head="", body="<img src='data:,'>")
    page.goto(site.address)
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)
