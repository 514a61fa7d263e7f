"""What a browser would post of a page's form."""

from html.parser import HTMLParser


class Form(HTMLParser):
    """Collects the controls of the form with that id, as they stand."""

    def __init__(self, form: str):
        super().__init__()
        self.form, self.inside, self.skipping = form, False, 0
        self.found: dict[str, str] = {}
        self.select, self.text = "", ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.inside = self.inside or (tag == "form" and given.get("id") == self.form)
        self.skipping += tag == "template"
        name = given.get("name")
        if not self.inside or self.skipping:
            return
        if tag == "input" and name and given.get("type") not in ("file", "submit"):
            self.control(name, given)
        elif tag == "select":
            self.select = name
            self.found.setdefault(name, "")
        elif tag == "option" and self.select and "selected" in given:
            self.found[self.select] = given.get("value", "")
        elif tag == "textarea":
            self.text = name
            self.found[name] = ""

    def control(self, name: str, given: dict) -> None:
        if given.get("type") != "checkbox":
            self.found[name] = given.get("value") or ""
        elif "checked" in given:
            self.found[name] = given.get("value") or "on"

    def handle_data(self, data):
        if self.text:
            self.found[self.text] += data

    def handle_endtag(self, tag):
        self.skipping -= tag == "template"
        if tag == "form":
            self.inside = False
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.found[self.text] = self.found[self.text].strip("\n") if self.text in self.found else ""
            self.text = ""


def typed(page: str, form: str = "paper-form") -> dict[str, str]:
    """name → value of every control that would be sent."""
    reader = Form(form)
    reader.feed(page)
    return {name: value for name, value in reader.found.items() if name != "csrfmiddlewaretoken"}
