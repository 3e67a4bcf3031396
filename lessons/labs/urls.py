"""Every lab by its address, as curl and DevTools see it."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from . import account, boom, carry, cookie, dictionary, echo, flush, index, nested, row, touch, visits

app_name = "lab"

urlpatterns = [
    path("", index.index, name="index"),
    # /lab/echo/, /lab/cookie/: requests and cookies, without a session
    path("echo/", echo.echo, name="echo"),
    path("cookie/", cookie.cookie, name="cookie"),
    # /lab/touch/: ignore, read or write the session
    path("touch/ignore/", touch.ignore, name="ignore"),
    path("touch/read/", touch.read, name="read"),
    path("touch/write/", touch.write, name="write"),
    # /lab/visits/: the counter
    path("visits/", visits.visits, name="visits"),
    path("visits/slide/", visits.slide, name="slide"),
    # /lab/dict/: the session as a dictionary
    path("dict/get/", dictionary.get, name="dict_get"),
    path("dict/add/", dictionary.add, name="dict_add"),
    path("dict/delete/", dictionary.delete, name="dict_delete"),
    path("dict/len/", dictionary.length, name="dict_len"),
    path("dict/loop/", dictionary.loop, name="dict_loop"),
    # /lab/nested/: a list inside the session
    path("nested/", nested.nested, name="nested"),
    path("nested/modified/", nested.modified, name="nested_modified"),
    # /lab/carry/: a name from one page to the next
    path("carry/", carry.carry, name="carry"),
    path("carry/hello/", carry.hello, name="hello"),
    # /lab/login/, /lab/logout/: Django's own views. Where they lead is said here and not in LOGIN_REDIRECT_URL and
    # LOGOUT_REDIRECT_URL: those hold for the whole project, and logging out of the admin would lead into a lab.
    path("login/", LoginView.as_view(template_name="labs/login.html", next_page="lab:account"), name="login"),
    path("logout/", LogoutView.as_view(next_page="lab:account"), name="logout"),
    path("account/", account.account, name="account"),
    # /lab/flush/, /lab/boom/: the session thrown away, and a view that fails
    path("flush/", flush.flush, name="flush"),
    path("boom/", boom.boom, name="boom"),
    # /lab/row/: this browser's row in django_session
    path("row/recipe/", row.recipe, name="recipe"),
    path("row/expire/", row.expire, name="expire"),
]
