"""How things are written on every page: dates with their zone, durations, sizes, icons, form errors, pages of a list.

No decisions of the domain here: a tag gets plain values and draws them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.paginator import Page
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.loader_tags import BlockNode
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from linimasa import bundles, clock, icons, writing
from linimasa.context import address

register = template.Library()


# --- time -------------------------------------------------------------------------------------------------------------
@register.filter
def date_text(moment: datetime | None) -> str:
    """«Senin, 23 November 2026»"""
    return clock.date_text(moment) if moment else ""


@register.filter
def plain_date(moment: datetime | date | None) -> str:
    """«23 November 2026», of a moment in the active zone or of a plain date."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        return clock.plain_date_text(moment)
    return clock.day_text(moment)


@register.filter
def short_date(moment: datetime | None) -> str:
    """«23 Nov 2026»"""
    return clock.short_date_text(moment) if moment else ""


@register.filter
def time_text(moment: datetime | None) -> str:
    """«23.59 WITA»"""
    return clock.time_text(moment) if moment else ""


@register.filter
def moment_text(moment: datetime | None) -> str:
    """«Senin, 23 November 2026 pukul 23.59 WITA»"""
    return clock.moment_text(moment) if moment else ""


@register.filter
def short_moment(moment: datetime | None) -> str:
    """«23 Nov 2026 pukul 23.59 WITA»"""
    return f"{clock.short_date_text(moment)} pukul {clock.time_text(moment)}" if moment else ""


@register.filter
def iso(moment: datetime | None) -> str:
    """For ``<time datetime>``: with the offset of the active zone."""
    return clock.local(moment).isoformat(timespec="minutes") if moment else ""


@register.filter
def day_word(moment: datetime | None) -> str:
    """«Kemarin», «Hari ini», «Besok», «Lusa», else the weekday; in the active zone."""
    if not moment:
        return ""
    at = clock.local(moment)
    away = (at.date() - clock.local(clock.now()).date()).days
    return {-1: "Kemarin", 0: "Hari ini", 1: "Besok", 2: "Lusa"}.get(away, clock.DAYS[at.weekday()])


@register.filter
def ago(moment: datetime | None) -> str:
    """«Baru saja», «5 menit lalu», «3 jam lalu», «Kemarin», «12 hari lalu», then the date."""
    if not moment:
        return ""
    passed = clock.now() - moment
    if passed < timedelta(minutes=1):
        return "Baru saja"
    if passed < timedelta(hours=1):
        return f"{passed.seconds // 60} menit lalu"
    days = (clock.local(clock.now()).date() - clock.local(moment).date()).days
    if days == 0:
        return f"{passed.seconds // 3600} jam lalu" if passed >= timedelta(hours=1) else "Hari ini"
    if days == 1:
        return "Kemarin"
    return f"{days} hari lalu" if days < 31 else clock.plain_date_text(moment)


@register.filter
def ago_within(moment: datetime | None) -> str:
    """``ago`` in the middle of a sentence: «kemarin»."""
    words = ago(moment)
    return words[:1].lower() + words[1:]


@register.filter
def duration_words(minutes: float | None) -> str:
    """Minutes as words: «1 jam 25 menit»."""
    if minutes is None:
        return ""
    hours, rest = divmod(int(minutes), 60)
    return " ".join(filter(None, (f"{hours} jam" if hours else "", f"{rest} menit" if rest or not hours else "")))


# --- numbers ----------------------------------------------------------------------------------------------------------
@register.filter
def decimal_text(value: Any, places: int = 2) -> str:
    """«1.204», «98,5»: decimal comma, no needless zeros."""
    return "" if value is None or value == "" else writing.decimal(value, int(places))


@register.filter
def percent(value: Any) -> str:
    """A share from 0 to 1 as «64%»."""
    return "" if value is None or value == "" else f"{writing.decimal(Decimal(str(value)) * 100, 0)}%"


@register.filter
def jp(minutes: float | None) -> str:
    """Minutes as lesson hours (45 minutes = 1 JP): «0,67», «5»."""
    return "" if minutes is None else writing.jp(minutes)


@register.filter
def filesize_text(size: int | None) -> str:
    """Bytes as «84 KB» below 1.000 KB, then «1,2 MB»."""
    return "" if size is None else writing.size(size)


@register.filter
def length_words(seconds: int | None) -> str:
    """Seconds as «2 menit 5 detik»."""
    return "" if seconds is None else writing.length(seconds)


# --- drawings ---------------------------------------------------------------------------------------------------------
def _use(name: str) -> str:
    if name not in icons.names():
        raise TemplateSyntaxError(f"Tidak ada ikon {name!r}. Yang ada: {', '.join(sorted(icons.names()))}")
    return f"{staticfiles_storage.url(icons.SPRITE)}#{name}"


def icon_svg(name: str, classes: str = "i") -> SafeString:
    """The icon as an SVG that screen readers skip: its meaning is always in words beside it. The brand's mark has its own colours."""
    return _svg("brand__mark" if name == "brand" else classes, _use(name))


@lru_cache(maxsize=1000)
def _svg(classes: str, use: str, petals: int = 0) -> SafeString:
    filled = format_html(' data-petals="{}"', petals) if petals else ""
    return format_html('<svg class="{}"{} aria-hidden="true"><use href="{}"/></svg>', classes, filled, use)


class IconNode(Node):
    """An icon whose name stands in the template is drawn once, when the template is compiled."""

    def __init__(self, name: FilterExpression, classes: FilterExpression | None) -> None:
        self.name, self.classes = name, classes
        fixed = name.is_var is False and (classes is None or classes.is_var is False)
        self.drawn = self._draw(Context()) if fixed else None

    def _draw(self, context: Context) -> SafeString:
        classes = "i" if self.classes is None else f"i {self.classes.resolve(context)}"
        return icon_svg(str(self.name.resolve(context)), classes)

    def render(self, context: Context) -> SafeString:
        return self.drawn if self.drawn is not None else self._draw(context)


@register.tag
def icon(parser: Parser, token: Token) -> IconNode:
    """``{% icon "check" %}`` or ``{% icon name class="big" %}``; unknown names fail when the template is compiled."""
    name, *rest = token.split_contents()[1:]
    given = token_kwargs(rest, parser)
    return IconNode(parser.compile_filter(name), given.get("class"))


@register.simple_tag
def petals(quarters: int = 0, kind: str = "") -> SafeString:
    """The kawung node: 0–4 filled petals. ``kind="note"`` for a trainer's voice. The state also belongs in words beside it."""
    filled = max(0, min(4, int(quarters or 0)))
    classes = f"node node--{kind}" if kind else "node"
    return _svg(classes, _use("kawung"), filled)


@register.filter
def quarters(share: float | None) -> int:
    """A share from 0 to 1 as filled petals: anything begun shows one, only the whole shows four."""
    if not share or share <= 0:
        return 0
    return 4 if share >= 1 else max(1, min(3, int(share * 4)))


@register.filter
def breakable(text: str) -> SafeString:
    """A long number as on paper, which may break only after its slashes: «0001/LINIMASA-III/DJKPM/XI/2026»."""
    return format_html_join(format_html("{}<wbr>", "/"), "{}", ((part,) for part in str(text).split("/")))


@register.filter
def initials(name: str) -> str:
    """First and last initial of a name, as typed."""
    words = [word for word in str(name).split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


@register.simple_tag
def place(url_name: str) -> str:
    """The address of a page without arguments, looked up once a process (``{% url %}`` looks every time)."""
    return address(url_name)


# --- page kinds -------------------------------------------------------------------------------------------------------
def _addresses(kind: str, suffix: str) -> list[str]:
    if kind not in bundles.KINDS:
        raise TemplateSyntaxError(f"Tidak ada jenis halaman {kind!r}. Yang ada: {', '.join(sorted(bundles.KINDS))}")
    if getattr(staticfiles_storage, "joined", False):
        return [staticfiles_storage.url(bundles.joined_name(kind, suffix))]
    return [staticfiles_storage.url(name) for name in bundles.sources(kind, suffix)]


@register.simple_tag
def bundle_css(kind: str) -> SafeString:
    """The stylesheet of a page kind (or its source files where nothing was collected)."""
    return _links('<link rel="stylesheet" href="{}">', *_addresses(kind, "css"))


@register.simple_tag
def bundle_js(kind: str) -> SafeString:
    """The script of a page kind (or its source files where nothing was collected)."""
    return _links('<script src="{}" defer></script>', *_addresses(kind, "js"))


@lru_cache(maxsize=100)
def _links(element: str, *urls: str) -> SafeString:
    return format_html_join("\n", element, ((url,) for url in urls))


class BundlesNode(Node):
    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        kind = self.nodelist.render(context).strip()
        return f"{bundle_css(kind)}\n{bundle_js(kind)}"


@register.tag(name="bundles")
def bundles_tag(parser: Parser, token: Token) -> BundlesNode:
    """``{% bundles %}{% block bundle %}learner{% endblock %}{% endbundles %}``: the page names its kind, never a file."""
    nodelist = parser.parse(("endbundles",))
    parser.delete_first_token()
    return BundlesNode(nodelist)


# --- parts that are the same for everyone -----------------------------------------------------------------------------
class KeptNode(Node):
    child_nodelists = ("nodelist",)
    most = 200

    def __init__(self, nodelist: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist, self.values = nodelist, values
        self.drawn: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = tuple(value.resolve(context) for value in self.values)
        found = self.drawn.get(key)
        if found is None:
            if len(self.drawn) >= self.most:
                self.drawn.clear()
            found = self.drawn[key] = self.nodelist.render(context)
        return found


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """``{% kept shell.current shell.signed_in %}…{% endkept %}``: drawn once a process for each combination of these values.

    They must tell apart everything that stands inside; so no form token, nothing of a person, and no block.
    """
    values = [parser.compile_filter(part) for part in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError("kept may not hold a block: what a page puts there would be shown on other pages.")
    return KeptNode(nodelist, values)


# --- forms ------------------------------------------------------------------------------------------------------------
@register.inclusion_tag("ui/errors.html")
def form_errors(form: forms.BaseForm | None, *more: forms.BaseForm) -> dict[str, Any]:
    """The error summary of one or more forms, each once a page; empty for a form that is fine or was not sent."""
    shown = [one for one in (form, *more) if isinstance(one, forms.BaseForm) and not getattr(one, "summary_drawn", False)]
    general: list[str] = []
    fields: list[forms.BoundField] = []
    for one in shown:
        if not one.is_bound or not one.errors:
            continue
        one.summary_drawn = True  # type: ignore[attr-defined]
        general += [str(error) for error in one.non_field_errors()]
        fields += [bound for bound in one if bound.errors]
    return {"general": general, "fields": fields, "any": bool(general or fields)}


@register.simple_tag
def field(bound: forms.BoundField) -> SafeString:
    """One field drawn like ``{{ form }}`` draws it."""
    return bound.as_field_group()


# --- lists ------------------------------------------------------------------------------------------------------------
@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Context, page: Page, label: str = "Halaman daftar") -> dict[str, Any]:
    """Links to the other pages of a list; keeps the other parameters of the address. Nothing for a single page."""
    parameter = getattr(page, "parameter", "hal")
    query = context["request"].GET.copy() if "request" in context else None

    def address(number: int) -> str:
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return "?" + query.urlencode()

    return {
        "page": page,
        "label": label,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "", level: int = 2) -> dict[str, Any]:
    """What is missing, a sentence, an action. ``level`` is the heading's level, 2 or 3."""
    return {"title": title, "text": text, "url": url, "action": action, "level": level}
