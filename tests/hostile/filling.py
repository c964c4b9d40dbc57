"""Fills every text field of a page's forms with hostile strings, as somebody does who types them there, and sends the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile

TYPED = {"text", "search", "url", "email", "tel", ""}
LONGEST = {"body": 8_000}  # what a lesson gets at once; the parsers take more, but a fence that never closes would hide the rest
MANY_LINES = 1_500


@dataclass
class Form:
    """A form as a browser would send it. ``texts``: the names of its text fields with the most signs that each takes."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, tuple[int, bool]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


def forms_of(html: str, here: str) -> list[Form]:
    """Every form of the page that sends something, with what stands in it now."""
    soup = BeautifulSoup(html, "html.parser")
    found = []
    for tag in soup.find_all("form"):
        made = Form(urljoin(here, tag.get("action") or here), str(tag.get("method", "get")).lower())
        linked = soup.find_all(["input", "textarea", "select", "button"], attrs={"form": tag.get("id")}) if tag.get("id") else []
        for one in [*tag.find_all(["input", "textarea", "select", "button"]), *linked]:
            _take(made, one)
        found.append(made)
    return found


def _take(form: Form, one: Tag) -> None:
    name, kind = one.get("name"), str(one.get("type") or "").lower()
    if not name or one.has_attr("disabled"):
        return
    if one.has_attr("required"):
        form.required.add(str(name))
    most = int(str(one.get("maxlength") or 0)) or 100_000
    if one.name == "textarea":
        form.values[name] = [one.get_text().removeprefix("\n")]
        if not one.has_attr("hidden"):
            form.texts[name] = (most, True)
    elif one.name == "select":
        chosen = [str(option.get("value")) for option in one.find_all("option") if option.has_attr("selected")]
        first = one.find("option")
        form.values[name] = chosen or ([str(first.get("value"))] if first and not one.has_attr("multiple") else [])
    elif one.name == "button":
        if kind in ("", "submit") and not one.has_attr("formaction"):
            form.buttons.append((name, str(one.get("value") or "")))
    elif kind in ("checkbox", "radio"):
        if one.has_attr("checked"):
            form.values.setdefault(name, []).append(str(one.get("value") or "on"))
    elif kind == "file":
        form.files.append(name)
    elif kind == "submit":
        form.buttons.append((name, str(one.get("value") or "")))
    else:
        form.values[name] = [str(one.get("value") or "")]
        if kind in TYPED and one.get("inputmode") not in ("numeric", "decimal"):
            form.texts[name] = (most, False)


def filled(form: Form, strings: Iterator[str], *, keep: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """What is sent: each text field full of strings, one after the other where it has lines. ``keep``: fields left as they are."""
    sent = {name: list(values) for name, values in form.values.items()}
    for name, (most, has_lines) in form.texts.items():
        if name in keep:
            continue
        sent[name] = [many(strings, min(most, LONGEST.get(name, MANY_LINES))) if has_lines else next(strings)[:most]]
    return sent


def alone(form: Form, name: str, strings: Iterator[str]) -> dict[str, list[str]]:
    """The same with hostile strings in this one field, one line, and a plain word where another must not be empty."""
    sent = {key: list(values) for key, values in form.values.items()}
    for other in form.texts:
        if other in form.required:
            sent[other] = [value or "Isi" for value in sent.get(other, [""])]
    return sent | {name: [next(strings)[: form.texts[name][0]]]}


def many(strings: Iterator[str], most: int) -> str:
    """As many strings as fit, each a paragraph of its own."""
    text = next(strings)[:most]
    while True:
        more = next(strings)
        if len(text) + len(more) + 2 > most or text.count("\n") > 60:
            return text
        text = f"{text}\n\n{more}"


def send(client: Any, form: Form, values: dict[str, list[str]], *, button: tuple[str, str] | None = None, upload: bytes = b"") -> Any:
    """The answer to the form, sent by this button (None: its first)."""
    button = button or (form.buttons[0] if form.buttons else None)
    given: dict[str, Any] = {**values, **({button[0]: [button[1]]} if button and button[0] else {})}
    for name in form.files:
        if upload:
            given[name] = SimpleUploadedFile("gambar.png", upload, "image/png")
    path = urlsplit(form.action)
    if form.method == "get":
        return client.get(path.path, given)
    return client.post(path.path + (f"?{path.query}" if path.query else ""), given)
