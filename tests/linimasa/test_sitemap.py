"""Pages are found by their first word exactly as Django finds them line by line."""

import re

from django.urls import Resolver404, URLResolver, get_resolver, include, path

from linimasa import urls

SAMPLES = {"int": ("7", "0", "x"), "slug": ("abc", "baru", "versi"), "str": ("a.png",), "path": ("a/b",), "uuid": ("x",)}


def found(resolver, address):
    try:
        match = resolver.resolve(address)
    except Resolver404:
        return None
    return match.view_name, match.args, match.kwargs, match.app_names, match.route


def routes(lines, before=""):
    for line in lines:
        route = before + str(line.pattern).strip("^$")
        yield from routes(line.url_patterns, route) if isinstance(line, URLResolver) else [route]


def test_every_address_leads_where_it_leads_line_by_line():
    ours = get_resolver()
    (one,) = urls.urlpatterns
    line_by_line = get_resolver(type("Lines", (), {"urlpatterns": [path("", include(app.urlconf_name)) for app in one.url_patterns]}))
    addresses = {"/", "", "//", "/x", "/x/", "/x/y/", "/kuis", "/kuis/"}
    for route in routes(ours.url_patterns):
        for turn in range(3):
            made = "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda kind, turn=turn: (SAMPLES[kind[1] or "str"] * 3)[turn], route)
            addresses |= {made, made.rstrip("/"), made + "x", made + "/"}
    assert len(addresses) > 500
    assert {one: found(ours, one) for one in addresses} == {one: found(line_by_line, one) for one in addresses}
