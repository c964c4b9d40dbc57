"""The site map of accounts. (allauth's pages are in ``sign_in_urls.py``: they keep allauth's names.)"""

from __future__ import annotations

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = []
