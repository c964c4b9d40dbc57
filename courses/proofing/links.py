"""Where links lead: to official and checked addresses only, over https."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from .fault import Fault
from .language import Passage
from .sentences import without_code

RULES = {
    "link-host": "a link to a host outside the allow-list",
    "link-http": "a link that is not https",
}
HOSTS = ("facebook.com", "instagram.com", "whatsapp.com", "meta.com", "go.id", "aduannomor.id", "aduankonten.id", "cekfakta.com",
         "turnbackhoax.id", "w3.org")  # fmt: skip
SHOWN = ("wa.me",)  # addresses that a lesson may show as text, where nobody follows them
_TARGET = re.compile(
    r"\]\(\s*<?(?P<linked>[^\s)>]+)|^\[[^\]\n]+\]:\s*<?(?P<named>[^\s>]+)|(?P<bare>\bhttps?://[^\s)>\]|”“]+|\bwww\.[^\s)>\]|”“]+)", re.M
)


def link_faults(passages: Iterable[Passage]) -> Iterator[Fault]:
    """The links of these texts (and bare addresses in them) that may not be there. Code is not looked at: it leads nowhere."""
    for passage in passages:
        text = without_code(passage.text)
        for found in _TARGET.finditer(text):
            target = found["linked"] or found["named"] or found["bare"].rstrip(".,;:!?*_")
            if target.startswith("www."):
                target = f"https://{target}"
            where = f"{passage.file}:{passage.first_line + text.count(chr(10), 0, found.start())}"
            yield from _target_faults(where, target, allowed=HOSTS if found["bare"] is None else (*HOSTS, *SHOWN))


def _target_faults(where: str, target: str, allowed: tuple[str, ...]) -> Iterator[Fault]:
    if target.startswith(("/", "#")) and not target.startswith("//"):
        return
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme == "http":
        yield Fault("link-http", where, f"Tautan {target} tidak memakai https. Tulis alamat https-nya.")
    if not any(host == one or host.endswith(f".{one}") for one in allowed) or parts.scheme not in {"http", "https"}:
        yield Fault("link-host", where, f"Tautan {target} di luar daftar yang diizinkan ({', '.join(HOSTS)}). Ganti sumbernya atau hapus.")
