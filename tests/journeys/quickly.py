"""The same person in the same session, by plain form posts: the long middle of a journey, without drawing every page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import APIResponse, Page

from tests.journeys import knowing, reading
from tests.portal import Portal

NEXT = re.compile(r'<a class="button button--next button--big" href="([^"]+)">\s*(?:Lanjutkan|Mulai)')
WORK = "Temuan: tiga mantan admin masih memegang akses. Rencana 30 hari: cabut akses, wajibkan dua faktor, uji pemulihan; ketua satgas."
Pairs = Iterable[tuple[str, str]]


class Quick:
    """A browser's session used without its window."""

    def __init__(self, page: Page, portal: Portal) -> None:
        self.request, self.url = page.context.request, portal.url

    def get(self, path: str) -> str:
        return self._text(self.request.get(self.url + path))

    def post(self, path: str, html: str, pairs: Pairs = (), **files: dict[str, object]) -> APIResponse:
        """Post the page's form with its token; asserts that the answer is no refusal."""
        fields = [("csrfmiddlewaretoken", reading.hidden(html, "csrfmiddlewaretoken")), *pairs]
        answer = self.request.post(self.url + path, data=urlencode(fields), headers={"Content-Type": "application/x-www-form-urlencoded"})
        self._text(answer)
        return answer

    def _text(self, answer: APIResponse) -> str:
        text = answer.text()
        assert answer.ok, f"{answer.url} {answer.status}\n{reading.plain(text)[:1500]}"
        return text

    def next_step(self) -> str:
        """Where «Lanjutkan» on the dashboard leads; empty when there is nothing to do now."""
        found = NEXT.search(self.get("/beranda/"))
        return unescape(found.group(1)) if found else ""

    def go_on(self, until: Callable[[str], bool] = lambda path: False) -> str:
        """Follow «Lanjutkan» and do each step, until the one for which ``until`` is true or nothing is left; its path."""
        before = ""
        while (path := self.next_step()) and not until(path):
            assert path != before, f"{path} comes again"
            self.do(path)
            before = path
        return path

    def do(self, path: str) -> None:
        """One step: read a lesson, take a quiz rightly, hand in practical work."""
        if path.startswith("/belajar/"):
            self.post(f"{path}selesai/", self.get(path))
        elif path.startswith("/kuis/"):
            self.quiz(path)
        else:
            self.work(path)

    def quiz(self, start: str, answer: Callable[[reading.Question], knowing.Answer] = knowing.right) -> str:
        """A whole attempt; the result page's path."""
        reply = self.post(start, self.get(start))
        while "/tinjau/" not in reply.url:
            html, path = reply.text(), urlsplit(reply.url).path
            given = [(name, value) for name, values in answer(reading.question(html)).items() for value in values]
            own = [(name, reading.hidden(html, name)) for name in ("kunci", "urutan")]
            reply = self.post(path, html, [*own, *given])
        html = reply.text()
        sent = self.post(urlsplit(reply.url).path.replace("/tinjau/", "/kirim/"), html, [("yakin", "1")])
        assert "/hasil/" in sent.url, sent.url
        return urlsplit(sent.url).path

    def work(self, path: str) -> None:
        """Practical work: write, then hand in."""
        html = self.get(path)
        sure = self.post(path, html, [("urutan", reading.hidden(html, "urutan")), ("text", WORK), ("kirim", "1")])
        done = self.post(f"{path}kirim/", sure.text())
        assert "Menunggu pengajar" in done.text(), reading.plain(done.text())[:800]


def accept_all(trainer: Quick, name: str) -> int:
    """The trainer accepts everything of that learner which waits, with the best level; how many it was."""
    count = 0
    rows = re.compile(rf'<a href="(/nilai/\d+/)">{re.escape(name)}</a>')
    while found := rows.search(trainer.get("/nilai/")):
        path = found.group(1)
        html = trainer.get(path)
        criteria = sorted(set(re.findall(r'name="(c\d+)"', html)))
        verdicts = sorted(set(re.findall(r'name="(r\d+)"', html)))
        pairs = [(one, "0") for one in criteria] + [(one, "1") for one in verdicts] + [("comment", "Rapi dan dapat dijalankan.")]
        trainer.post(path, html, pairs)
        count += 1
    return count
