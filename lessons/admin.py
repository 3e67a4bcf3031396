"""The session table in the admin: to read, not to change, with each row decoded."""

from django.contrib import admin
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils.html import format_html

from .inspector import Row
from .visibility import masked


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):
    """One page, no page a row: the admin would put the session key, which is a password, into that address."""

    list_display = ("short_key", "decoded", "expire_date")
    list_display_links = None
    list_per_page = 50
    ordering = ("-expire_date",)
    show_full_result_count = False

    @admin.display(description="session key")
    def short_key(self, session):
        return masked(session.session_key)

    @admin.display(description="decoded")
    def decoded(self, session):
        row = Row(session.session_key, session.session_data, session.expire_date)
        text = repr(row.data) if row.decoded.is_object else row.decoded.error
        address = reverse("inspector_row", args=[row.handle])
        return format_html('<code>{}</code> <a href="{}">stage by stage</a>', text[:500], address)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, session=None):
        return False

    def has_delete_permission(self, request, session=None):
        return False

    def get_object(self, request, object_id, from_field=None):
        return None
