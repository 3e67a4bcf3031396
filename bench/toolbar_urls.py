"""The project's addresses and the toolbar's, which otherwise are there with DEBUG only."""

from debug_toolbar.toolbar import debug_toolbar_urls
from django.test import override_settings

from sessiondemo import urls

with override_settings(DEBUG=True):
    urlpatterns = [*urls.urlpatterns, *debug_toolbar_urls()]
