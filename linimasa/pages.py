"""Site map of the shell's own pages."""

from . import board, views
from .doors import STAFF, Who, page
from .health import healthz

app_name = "linimasa"
urlpatterns = [
    page("healthz", healthz, name="healthz", who=Who.PUBLIC),
    page("papan/", board.board, name="board", who=Who.PUBLIC),
    page("bantuan/", views.help_page, name="help", who=Who.PUBLIC),
    page("aksesibilitas/", views.accessibility, name="accessibility", who=Who.PUBLIC),
    page("privasi/", views.privacy, name="privacy", who=Who.PUBLIC),
    page("kelola/", views.workroom, name="workroom", who=STAFF),
    page("tampilan/", views.theme, name="theme", who=Who.PUBLIC),
]
