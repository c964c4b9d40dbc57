"""Prefix → app: one screen. Each app's ``urls.py`` is its site map, and says who may open each page."""

from .sitemap import site_map

handler400 = "linimasa.views.bad_request"
handler403 = "linimasa.views.forbidden"
handler404 = "linimasa.views.not_found"
handler500 = "linimasa.views.server_error"

urlpatterns = [
    site_map(
        "linimasa.pages",
        "courses.urls",
        "accounts.urls",
        "accounts.sign_in_urls",
        "cohorts.urls",
        "quizzes.urls",
        "certificates.urls",
        "notifications.urls",
        "audit.urls",
    )
]
