"""The labs and the toolbar, whatever DEBUG was when the addresses of the project were first read."""

import debug_toolbar.urls
from django.urls import include, path

urlpatterns = [
    path("lab/", include("lessons.labs.urls")),
    path("__debug__/", include(debug_toolbar.urls)),
]
