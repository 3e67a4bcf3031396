"""The addresses of the project."""

from debug_toolbar.toolbar import debug_toolbar_urls
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("lessons.urls")),
    path("lab/", include("lessons.labs.urls")),
    path("admin/", admin.site.urls),
    *debug_toolbar_urls(),
]
