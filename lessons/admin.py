"""The session table in the admin: to read, not to change, with each row decoded."""

from django.contrib import admin
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils.html import format_html

from .inspector import Row
from .visibility import masked, sees_everything


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
        row = Row.of(session)
        text = repr(row.data) if row.decoded.is_object else row.decoded.error
        return format_html("<code>{}</code>", text[:500])

    @admin.display(description="inspector")
    def stages(self, session):
        return format_html('<a href="{}">stage by stage</a>', reverse("inspector_row", args=[Row.of(session).handle]))

    def get_list_display(self, request):
        """Lead to the inspector only where it would show the row: it knows visitors, not the admin's staff."""
        return (*self.list_display, "stages") if sees_everything(request) else self.list_display

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, session=None):
        return False

    def has_delete_permission(self, request, session=None):
        return False

    def get_object(self, request, object_id, from_field=None):
        return None
