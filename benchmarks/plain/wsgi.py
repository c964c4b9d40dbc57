"""granian serves *plain* and *hello* from here."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.plain.settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
