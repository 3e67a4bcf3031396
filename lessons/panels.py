"""The panel "Session story" for django-debug-toolbar: what one request did with its session, and by which line.

The toolbar's own Request panel shows the session by reading it, and so cannot tell whether anybody else has. This one
records the request as a lesson does. The story ends where SessionMiddleware returns, before any panel looks.
"""

from debug_toolbar.panels import Panel

from .flight.export import flight_as_json
from .flight.recorder import Recording, flight_of, record
from .session_story import session_story


class SessionStoryPanel(Panel):
    title = "Session story"
    template = "lessons/panels/session_story.html"

    recording: Recording | None = None
    flight = ""  # the id of the recording that becomes a flight in the notebook, if there is one around ours

    @property
    def nav_subtitle(self):
        return self.get_stats().get("summary", "")

    def process_request(self, request):
        self.flight = flight_of(request)
        response, self.recording = record(request, super().process_request)
        return response

    def generate_stats(self, request, response):
        """Keep what the panel shows, session keys shortened. The toolbar writes it down as JSON."""
        if self.recording:
            told = flight_as_json(self.recording.as_dict(), self.recording.trace(), "lines")
            self.record_stats({**session_story(told), "flight": self.flight})
