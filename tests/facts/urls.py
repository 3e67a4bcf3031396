"""The addresses these tests visit: the labs, and the admin for its login page."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("lab/", include("lessons.labs.urls")),
    path("admin/", admin.site.urls),
]
