"""What login and logout do to a session."""

from django.contrib.auth import login, logout
from django.contrib.sessions.models import Session

from .visitor import first_words


def who(request):
    return str(request.user)


def test_f19_login_makes_a_new_key_deletes_the_old_row_and_keeps_the_data(visitor, user):
    visitor.get("/lab/dict/add/")
    before = visitor.key
    visitor.get(lambda request: login(request, user))
    assert visitor.key != before
    assert visitor.row.session_key == Session.objects.get().session_key
    assert visitor.stored["color"] == "green"


def test_f19_login_takes_two_writes_of_the_new_row(visitor, user):
    visitor.get("/lab/dict/add/")
    visit = visitor.get(lambda request: login(request, user))
    writes = [statement for statement in visit.sql if statement.startswith(("INSERT INTO django_s", "UPDATE django_s"))]
    assert [visitor.key in statement for statement in writes] == [True, True]
    assert first_words(writes) == ["INSERT", "UPDATE"]


def test_f19_the_admin_form_does_the_same(visitor, user):
    user.is_staff = True
    user.save()
    visitor.get("/lab/dict/add/")
    before = visitor.key
    visitor.get("/admin/login/")  # the form, with its CSRF token
    visit = visitor.post("/admin/login/", username="ada", password="lovelace", next="/lab/visits/")
    assert visit.status == 302
    assert visitor.key != before
    assert visitor.stored["color"] == "green"


def test_f19_logout_deletes_row_and_cookie(visitor, user):
    visitor.get(lambda request: login(request, user))

    def view(request):
        logout(request)
        return request.session.session_key

    assert visitor.get(view).answer is None
    assert visitor.key == ""
    assert Session.objects.count() == 0


def test_f19_after_the_password_was_changed_elsewhere_the_next_look_flushes_the_session(visitor, user):
    visitor.get(lambda request: login(request, user))
    assert visitor.get(who).answer == "ada"

    user.set_password("changed elsewhere")
    user.save()
    visitor.get("/lab/touch/ignore/")
    assert Session.objects.count() == 1  # nobody has looked yet

    assert visitor.get(who).answer == "AnonymousUser"
    assert Session.objects.count() == 0
    assert visitor.key == ""
