"""WSGI entry point: `application` is what runserver, waitress and PythonAnywhere call."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sessiondemo.settings")

application = get_wsgi_application()
