"""Every lab by its address, as curl and DevTools see it."""

from django.urls import path

from . import carry, cookie, dictionary, echo, index, row, touch, visits

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
    # /lab/carry/: a name from one page to the next
    path("carry/", carry.carry, name="carry"),
    path("carry/hello/", carry.hello, name="hello"),
    # /lab/row/: this browser's row in django_session
    path("row/recipe/", row.recipe, name="recipe"),
    path("row/expire/", row.expire, name="expire"),
]
