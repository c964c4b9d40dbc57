"""What stands on a page, read from its HTML as a person would: the question and its choices, the fields of a form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

TAG = re.compile(r"<[^>]+>")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
HEADING = re.compile(r"<h1[^>]*>(.*?)(?:<small>.*?)?</h1>", re.S)
CHOICE = re.compile(r'<input type="(?:radio|checkbox)" id="[^"]*" name="j" value="([^"]+)"[^>]*><span>(.*?)</span>', re.S)
STEP = re.compile(r'<li data-name="([^"]*)".*?name="urut" value="(\d+)"', re.S)
ROW = re.compile(r'<label for="(p\d+)">(.*?)</label>', re.S)
LETTERED = re.compile(r"<li><b>([A-Z])</b><span>(.*?)</span></li>", re.S)


def plain(html: str) -> str:
    """The words without the marks."""
    return " ".join(unescape(TAG.sub("", html)).split())


def hidden(html: str, name: str) -> str:
    """The value of the first hidden field of that name; AssertionError when the page has none."""
    found = next((value for key, value in HIDDEN.findall(html) if key == name), None)
    assert found is not None, f"{name}: {plain(html)[:500]}"
    return unescape(found)


@dataclass(frozen=True)
class Question:
    """One question as it is shown. ``choices``: value → text; ``steps``: (value, text) from above; ``rows``: name → left part."""

    text: str
    choices: dict[str, str] = field(default_factory=dict)
    steps: list[tuple[str, str]] = field(default_factory=list)
    rows: dict[str, str] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)


def question(html: str) -> Question:
    """The question on this page."""
    heading = HEADING.search(html)
    assert heading, plain(html)[:500]
    return Question(
        text=plain(heading.group(1)),
        choices={value: plain(text) for value, text in CHOICE.findall(html)},
        steps=[(value, " ".join(unescape(name).split())) for name, value in STEP.findall(html)],
        rows={name: plain(text) for name, text in ROW.findall(html)},
        examples={letter.lower(): plain(text) for letter, text in LETTERED.findall(html)},
    )
