"""Prefix → app: one screen. Each app's ``urls.py`` is its site map, and says who may open each page."""

from django.urls import include, path

handler400 = "linimasa.views.bad_request"
handler403 = "linimasa.views.forbidden"
handler404 = "linimasa.views.not_found"
handler500 = "linimasa.views.server_error"

urlpatterns = [
    path("", include("linimasa.pages")),
    path("", include("courses.urls")),
    path("", include("accounts.urls")),
    path("", include("accounts.sign_in_urls")),
    path("", include("cohorts.urls")),
    path("", include("quizzes.urls")),
    path("", include("certificates.urls")),
    path("", include("notifications.urls")),
    path("", include("audit.urls")),
]
