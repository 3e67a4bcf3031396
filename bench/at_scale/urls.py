"""The addresses of this project, and Django's admin over sessions as most projects would have it."""

from django.contrib import admin
from django.contrib.sessions.models import Session
from django.urls import path

from sessiondemo.urls import urlpatterns as ours


class StockAdmin(admin.ModelAdmin):
    """A plain ModelAdmin, with the column that the inspector has too: what is in the row."""

    list_display = ("session_key", "decoded", "expire_date")
    list_per_page = 50
    ordering = ("-expire_date",)
    search_fields = ("session_key",)

    def decoded(self, session):
        return session.get_decoded()


site = admin.AdminSite("stock")
site.register(Session, StockAdmin)
urlpatterns = [path("stock/", site.urls), *ours]
