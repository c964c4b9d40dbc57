"""The WSGI entry: granian and gunicorn both serve it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linimasa.settings")

application = get_wsgi_application()
