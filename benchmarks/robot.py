"""A learner without JavaScript: follows links, fills in forms, keeps cookies. It speaks only to 127.0.0.1."""

from __future__ import annotations

import gzip
import http.client
from dataclasses import dataclass, field
from email.message import Message
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass
class Form:
    """A form as a browser would send it: ``fields`` holds what is filled in already, ``choices`` the options of each group."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def answered(self) -> list[tuple[str, str]]:
        """The first choice of every group that nothing is chosen in, and some text in every empty text field."""
        filled = {name for name, value in self.fields if value}
        more = [(name, next((value for value in values if value), "")) for name, values in self.choices.items() if name not in filled]
        return (
            [pair for pair in self.fields if pair[1] or pair[0] not in self.texts]
            + more
            + [(name, "jawaban") for name in self.texts if name not in filled]
        )


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside: Form | None = None
        self._select: str | None = None
        self._by_id: dict[str, Form] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self._inside)
            if "id" in told:
                self._by_id[told["id"]] = self._inside
            return
        form = self._by_id.get(told.get("form", "")) or self._inside
        if form is None:
            return
        name, kind, value = told.get("name", ""), told.get("type", "text"), told.get("value", "on")
        if tag == "button" or tag == "input" and kind == "submit":
            if name:
                form.buttons.append((name, told.get("value", "")))
        elif tag == "input" and name and kind in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(value)
            if "checked" in told:
                form.fields.append((name, value))
        elif tag == "input" and name and kind != "file":
            form.fields.append((name, told.get("value", "")))
            if kind in {"text", "search"}:
                form.texts.append(name)
        elif tag == "textarea" and name:
            form.fields.append((name, ""))
            form.texts.append(name)
        elif tag == "select" and name:
            self._select = name
            form.choices.setdefault(name, [])
        elif tag == "option" and self._select:
            form.choices[self._select].append(told.get("value", ""))
            if "selected" in told and told.get("value"):
                form.fields.append((self._select, told["value"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        elif tag == "select":
            self._select = None


@dataclass
class Page:
    status: int
    url: str
    headers: Message
    text: str

    def forms(self) -> list[Form]:
        parser = _Forms()
        parser.feed(self.text)
        return parser.forms

    def form_to(self, part: str) -> Form:
        """The POST form whose action (or, without one, whose page) holds ``part``."""
        for form in self.forms():
            if form.method == "post" and part in (form.action or self.url):
                return form
        raise LookupError(f"No form to {part} on {self.url} ({self.status}): {[form.action for form in self.forms()]}")


class Robot:
    """One signed-in person. ``statements`` adds up what the server says each answer cost, when ``counting``."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None, *, counting: bool = False) -> None:
        self.port = port
        self.cookies = dict(cookies or {})
        self.counting = counting
        self.statements: list[tuple[str, int]] = []
        self._wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def headers(self) -> dict[str, str]:
        told = {"Host": f"localhost:{self.port}", "Accept-Encoding": "gzip, deflate, br, zstd"}
        if self.cookies:
            told["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        if self.counting:
            told["X-Count-Statements"] = "1"
        return told

    def get(self, path: str, *, follow: bool = True) -> Page:
        return self._go("GET", path, None, follow)

    def post(self, path: str, fields: list[tuple[str, str]], *, follow: bool = True, **headers: str) -> Page:
        return self._go("POST", path, urlencode(fields), follow, **headers)

    def send(self, page: Page, form: Form, *more: tuple[str, str], follow: bool = True) -> Page:
        """Send a form, answered, with the buttons or fields given."""
        return self.post(urlsplit(urljoin(page.url, form.action or page.url)).path, [*form.answered(), *more], follow=follow)

    def _go(self, method: str, path: str, body: str | None, follow: bool, **more: Any) -> Page:
        for _ in range(6):
            headers = self.headers() | more
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                headers["Origin"] = f"http://localhost:{self.port}"
            self._wire.request(method, path, body=body, headers=headers)
            answer = self._wire.getresponse()
            sent = answer.read()
            text = (gzip.decompress(sent) if answer.headers.get("Content-Encoding") == "gzip" else sent).decode(errors="replace")
            for value in answer.headers.get_all("Set-Cookie") or []:
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
            if "X-Statements" in answer.headers:
                self.statements.append((f"{method} {path}", int(answer.headers["X-Statements"])))
            page = Page(answer.status, path, answer.headers, text)
            if not (follow and answer.status in {301, 302, 303} and answer.headers.get("Location")):
                return page
            method, body = "GET", None
            target = urlsplit(urljoin(path, answer.headers["Location"]))
            path = target.path + (f"?{target.query}" if target.query else "")
        raise RuntimeError(f"Sent around in circles at {path}")
