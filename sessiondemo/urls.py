"""The addresses of the project."""

from debug_toolbar.toolbar import debug_toolbar_urls
from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", include("lessons.urls")),
    path("lab/", include("lessons.labs.urls")),
    path("favicon.ico", RedirectView.as_view(url=static("icon.svg"))),  # browsers ask for it on plain lab pages
    path("admin/", admin.site.urls),
    *debug_toolbar_urls(),
]
