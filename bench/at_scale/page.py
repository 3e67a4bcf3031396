"""Asking for a page as a browser would, and reading in it where its next page is and how one searches."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.contrib.auth import get_user_model
from django.core.handlers.base import BaseHandler
from django.db import reset_queries
from django.test import Client, RequestFactory


class Asking:
    """Somebody on this machine who asks Django itself: the test client would keep every page that was rendered."""

    def __init__(self, user: str = ""):
        self._cookies = ""
        if user:
            client = Client()
            client.force_login(get_user_model().objects.get(username=user))
            self._cookies = f"sessionid={client.cookies['sessionid'].value}"
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._factory = RequestFactory(SERVER_NAME="localhost")

    def get(self, address: str, data: dict | None = None) -> str:
        return self._answer(self._factory.get(address, data, headers={"Cookie": self._cookies}))

    def post(self, address: str, data: dict) -> str:
        request = self._factory.post(address, data, headers={"Cookie": self._cookies})
        request._dont_enforce_csrf_checks = True
        return self._answer(request)

    def _answer(self, request) -> str:
        reset_queries()  # as at the beginning of each request from a server; with DEBUG, Django keeps a list of them
        response = self._handler.get_response(request)
        if response.status_code in (302, 303):
            return self.get(response.headers["Location"])
        assert response.status_code == 200, (request.path, response.status_code)
        return response.content.decode()


@dataclass
class Form:
    """A form as it stands: `asked` is the name of the field for what is looked for, `fields` all the others."""

    method: str
    action: str
    asked: str = ""
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What a page offers: `next` is where rel="next" leads, or ""; `search` its Form, or None."""

    def __init__(self, html: str):
        super().__init__()
        self.next, self.search = "", None
        self._form, self._select = Form("get", ""), ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag == "form":
            self._form = Form((named.get("method") or "get").lower(), named.get("action") or "")
        elif tag == "input" and named.get("type") == "search" and not self.search:
            self.search, self._form.asked = self._form, named.get("name") or ""
        elif tag == "input" and named.get("name"):
            self._form.fields[named["name"]] = named.get("value") or ""
        elif tag == "select":
            self._select = named.get("name") or ""
        elif tag == "option" and self._select and ("selected" in named or self._select not in self._form.fields):
            self._form.fields[self._select] = named.get("value") or ""
        elif tag in ("a", "link") and "next" in (named.get("rel") or "").split() and not self.next:
            self.next = named.get("href") or ""
