"""A person at a browser, without the browser: pages, forms, cookies, and the certificate key's agent."""

import http.client
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4


class Stopped(Exception):
    """The path cannot go on; the text says where and why."""


@dataclass
class Form:
    """A form of a page with everything a browser would send back."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def names(self) -> set[str]:
        return {name for name, _ in self.fields}

    def values(self, name: str) -> list[str]:
        return [value for own, value in self.fields if own == name]

    def filled(self, values: dict[str, str]) -> list[tuple[str, str]]:
        """The fields with some of them overwritten or added."""
        return [pair for pair in self.fields if pair[0] not in values] + list(values.items())


class FormReader(HTMLParser):
    """Collects the forms of a page, and the texts that report errors."""

    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self.errors: list[str] = []
        self.open: Form | None = None
        self.select = self.text = self.error = ""
        self.templates = 0  # what stands in a <template> is no part of a form

    def handle_starttag(self, tag, attrs):
        self.templates += tag == "template"
        if self.templates:
            return
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(found.get("action", ""))
            self.forms.append(self.open)
        if "error" in (classes := found.get("class", "")) or "fld-e" in classes:
            self.error = tag
        if self.open is not None and "disabled" not in found:
            self.control(tag, found)

    def control(self, tag: str, found: dict[str, str]) -> None:
        name, kind = found.get("name", ""), found.get("type", "text")
        if tag == "input" and name and kind not in ("submit", "button", "file", "image", "reset"):
            if kind not in ("checkbox", "radio") or "checked" in found:
                self.open.fields.append((name, found.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in found:
            self.open.fields.append((self.select, found.get("value", "")))
        elif tag == "textarea" and name:
            self.text = name
            self.open.fields.append((name, ""))

    def handle_data(self, data):
        if self.text and self.open is not None:
            name, before = self.open.fields[-1]
            self.open.fields[-1] = (name, before + data)
        if self.error and data.strip():
            self.errors.append(data.strip())

    def handle_endtag(self, tag):
        self.templates -= tag == "template"
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.text = ""
        if tag == self.error:
            self.error = ""


@dataclass
class Page:
    """An answer of the site."""

    url: str
    status: int
    text: str

    def read(self) -> FormReader:
        reader = FormReader()
        reader.feed(self.text)
        return reader

    def form(self, holding: str) -> Form:
        """The form that has this field."""
        for form in self.read().forms:
            if holding in form.names():
                return form
        raise Stopped(f"{self.url} 上没有含“{holding}”的表单（{self.status}）")

    def complaint(self) -> str:
        """What the page says is wrong."""
        return "；".join(dict.fromkeys(self.read().errors))[:400] or f"HTTP {self.status}"


class Visitor:
    """One person's browser; cookies live as long as it does."""

    def __init__(self, site: str, agent: str, timeout: float = 60):
        self.site, self.agent, self.timeout = site, agent, timeout
        self.cookies: dict[str, str] = {}
        self.pin = ""  # of the key that logged in: it signs what is decided, too

    # --- pages ----------------------------------------------------------------------------------------

    def get(self, path: str) -> Page:
        return self.follow(self.send("GET", path))

    def post(self, path: str, fields: list[tuple[str, str]], files=(), *, follow: bool = True) -> Page:
        """Send a form, and sign when asked to; a redirect is followed, as a browser does, unless nobody
        reads what is there."""
        body, kind = multipart(fields, files) if files else (urlencode(fields).encode(), URLENCODED)
        answer = self.send("POST", path, body, {"Content-Type": kind})
        if ASKED in answer.text and self.pin:
            return self.signed(answer, follow=follow)
        return self.follow(answer) if follow else answer

    def submit(self, page: Page, holding: str, values: dict[str, str], files=(), **options) -> Page:
        """Fill in the form of a page that has the field `holding` and send it."""
        form = page.form(holding)
        address = urljoin(page.url, form.action) if form.action else page.url
        return self.post(address, form.filled(values), files, **options)

    def follow(self, page: Page) -> Page:
        for _ in range(5):
            if not page.url.startswith("redirect:"):
                return page
            page = self.send("GET", page.url.removeprefix("redirect:"))
        raise Stopped(f"{page.url}: 重定向太多")

    def send(self, method: str, path: str, body: bytes | None = None, headers=()) -> Page:
        """One request; a redirect comes back as a page whose address starts with `redirect:`."""
        parts = urlsplit(urljoin(self.site, path))
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.timeout)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Cookie": cookies, "Origin": self.site, **dict(headers)}
        try:
            line.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, sent)
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise Stopped(f"{path}: 网站没有应答（{error}）") from error
        finally:
            line.close()
        self.keep(answer.headers.get_all("Set-Cookie") or [])
        if answer.status in (301, 302, 303):
            return Page(
                "redirect:" + urljoin(parts.geturl(), answer.headers["Location"]), answer.status, text
            )
        return Page(parts.geturl(), answer.status, text)

    def keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value

    # --- the certificate key --------------------------------------------------------------------------

    def log_in(self, token: str, pin: str) -> None:
        """What the login page's script does: certificates, challenge, signature, login (ca-key.md §4)."""
        page = self.get("/accounts/login/")
        csrf = dict(page.form("csrfmiddlewaretoken").fields)["csrfmiddlewaretoken"]
        held = self.ask_agent("certificates", {"purpose": "auth"})["certificates"]
        chosen = next((item["id"] for item in held if item["token"] == token), None)
        if chosen is None:
            raise Stopped(f"CA 助手里没有 {token} 的证书")
        nonce = self.call("/accounts/cakey/challenge", {"purpose": "login"}, csrf)["nonce"]
        question = {"challengeNonce": nonce, "certificateId": chosen, "pin": pin}
        signed = self.ask_agent("authenticate", question)
        self.call("/accounts/cakey/login", {"token": json.dumps(signed), "nonce": nonce}, csrf)
        self.pin = pin

    def signed(self, page: Page, *, follow: bool) -> Page:
        """What the script of 签名确认 does: the agent signs, the form goes out once more."""
        form = page.form("sign-content")
        asked = {name: form.values(f"sign-{name}") for name in ("content", "attributes", "certificate")}
        pairs = zip(asked["content"], asked["attributes"], strict=True)
        rows = [{"content": content, "signedAttributes": said} for content, said in pairs]
        question = {"decisions": rows, "certificateId": asked["certificate"][0], "pin": self.pin}
        made = self.ask_agent("sign", question)["signatures"]
        fields = [pair for pair in form.fields if not pair[0].startswith("sign-")]
        fields += [("sign-content", row["content"]) for row in rows]
        fields += [("sign-value", one["signature"]) for one in made]
        answer = self.send("POST", form.action, urlencode(fields).encode(), {"Content-Type": URLENCODED})
        if ASKED in answer.text:
            raise Stopped(f"{form.action}：签名没有被接受（{answer.complaint()}）")
        return self.follow(answer) if follow else answer

    def ask_agent(self, command: str, body: dict) -> dict:
        parts = urlsplit(self.agent)
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.timeout)
        headers = {"Origin": self.site, "Content-Type": "application/json"}
        try:
            line.request("POST", f"/v1/{command}", json.dumps(body), headers)
            answer = line.getresponse()
            found = json.loads(answer.read())
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Stopped(f"CA 助手没有应答（{error}）") from error
        finally:
            line.close()
        if answer.status != 200:
            raise Stopped(f"CA 助手拒绝 {command}：{found.get('code')}")
        return found

    def call(self, path: str, body: dict, csrf: str) -> dict:
        """A JSON address of the login page."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": csrf}
        page = self.send("POST", path, json.dumps(body).encode(), headers)
        try:
            answer = json.loads(page.text)
        except ValueError:
            answer = {}
        if page.status != 200:
            raise Stopped(f"{path}：{answer.get('title') or page.status} {answer.get('text', '')}")
        return answer


ASKED = 'name="sign-content"'  # in the page 签名确认
URLENCODED = "application/x-www-form-urlencoded"


def multipart(fields, files) -> tuple[bytes, str]:
    """A form with files: (body, content type); `files` are (field, file name, type, content)."""
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for name, file, kind, content in files:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"
