"""What Django's own error page, which only DEBUG shows, leaves out: keys and passwords, wherever they are."""

from django.conf import settings
from django.views.debug import SafeExceptionReporterFilter

LOOKED_AT = 20_000  # characters of a value's repr


class KeysHidden(SafeExceptionReporterFilter):
    """Hides local variables that are named like a secret, or show one; and what a view calls sensitive.

    Django hides these only without DEBUG. But a teacher's screen is seen by a class, and a development server may
    stand behind a proxy.
    """

    def is_active(self, request) -> bool:
        return True

    def get_traceback_frame_variables(self, request, tb_frame):
        secrets = self._secrets(request)
        shown = super().get_traceback_frame_variables(request, tb_frame)
        return [
            (name, self.cleansed_substitute if self._tells(name, value, secrets) else value) for name, value in shown
        ]

    def _secrets(self, request) -> set[str]:
        """Return this server's keys, and what was typed into fields that are named like a secret."""
        typed = request.POST.items() if request is not None and request.method == "POST" else ()
        keys = {str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}
        return keys | {value for name, value in typed if value and self.hidden_settings.search(name)}

    def _tells(self, name: str, value, secrets: set[str]) -> bool:
        if self.hidden_settings.search(name):
            return True
        try:
            said = repr(value)[:LOOKED_AT]
        except Exception:  # the page itself then says that it could not be shown
            return False
        return any(secret in said for secret in secrets)
