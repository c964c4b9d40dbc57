"""The site map of audit."""

from linimasa.doors import Who, page

from .views import history

app_name = "audit"
urlpatterns = [
    page("kelola/jejak/", history.history, name="history", who=Who.ADMIN),
    page("kelola/jejak/ekspor/", history.export, name="export", who=Who.ADMIN, fresh_proof=True),
]
