"""When Django saves a session, when it does not, and what gets lost."""

import random

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.http import HttpResponse, HttpResponseNotFound

from .visitor import Visitor


def test_c19_the_view_edits_a_dict_and_the_middleware_saves_the_whole_of_it(visitor):
    visitor.get(lambda request: request.session.update({"a": 1, "b": 2}))
    rows = []

    def view(request):
        request.session["a"] = 3
        rows.append(visitor.stored)

    visit = visitor.get(view)
    assert rows == [{"a": 1, "b": 2}]  # while the view runs, the row does not change
    assert visitor.stored == {"a": 3, "b": 2}
    assert visit.verbs[-1] == "UPDATE"


def test_c19_the_middleware_loads_nothing_by_itself(visitor):
    visitor.get("/lab/visits/")
    assert visitor.get("/lab/touch/ignore/").sql == []


def test_c19_rows_are_deleted_by_flush_and_not_by_the_middleware(visitor):
    visitor.get("/lab/visits/")
    rows = []

    def view(request):
        request.session.flush()
        rows.append(Session.objects.count())

    visitor.get(view)
    assert rows == [0]  # gone before the middleware has its turn again

    visitor.get("/lab/visits/")
    visit = visitor.get(lambda request: request.session.clear())
    assert visit.verbs == ["UPDATE"]  # emptying is no reason for the middleware to delete
    assert Session.objects.count() == 1


def test_c25_a_visit_to_the_counter_costs_one_select_and_one_update(visitor):
    visitor.get("/lab/visits/")
    assert visitor.get("/lab/visits/").verbs == ["SELECT", "UPDATE"]


def test_c25_adding_1_to_a_counter_sends_the_whole_session(visitor):
    text = "".join(random.Random(1).choices("0123456789abcdef", k=200_000))
    visitor.get(lambda request: request.session.update({"text": text}))
    update = visitor.get("/lab/visits/").sql[-1]
    assert update.startswith("UPDATE")
    assert 150_000 < len(update) < 156_000  # 16 different characters compress to half, base64 adds a third


def test_c42_assigning_the_same_value_again_is_saved_too(visitor):
    visitor.get("/lab/dict/add/")
    visit = visitor.get("/lab/dict/add/")
    assert visit.session.modified
    assert visit.verbs == ["SELECT", "UPDATE"]


def test_c42_a_change_inside_a_stored_list_is_not(visitor):
    visitor.get(lambda request: request.session.update({"cart": []}))
    visit = visitor.get(lambda request: request.session["cart"].append("item"))
    assert visit.session.modified is False
    assert visit.verbs == ["SELECT"]


def answer_with(status):
    def view(request):
        request.session["a"] = 1
        return HttpResponse(status=status)

    return view


def raise_an_exception(request):
    request.session["a"] = 1
    raise RuntimeError("the view failed")


def test_c66_it_is_written_when_the_data_is_modified(visitor):
    visitor.get("/lab/visits/")
    assert visitor.get("/lab/touch/read/").verbs == ["SELECT"]
    assert visitor.get("/lab/touch/write/").verbs == ["SELECT", "UPDATE"]


@pytest.mark.parametrize("view", [answer_with(500), answer_with(503), raise_an_exception])
def test_c66_except_with_a_status_of_500_or_more_or_when_the_view_raised(visitor, view):
    visitor.get("/lab/visits/")
    visit = visitor.get(view)
    assert visit.session.modified
    assert visitor.stored == {"num_visits": 1}


def test_c66_with_save_every_request_it_is_written_without_being_modified(visitor, settings):
    visitor.get("/lab/visits/")
    settings.SESSION_SAVE_EVERY_REQUEST = True
    visit = visitor.get("/lab/touch/read/")
    assert visit.session.modified is False
    assert visit.verbs == ["SELECT", "UPDATE"]


@pytest.mark.parametrize(
    ("modified", "every_request", "status", "saved"),
    [
        (True, False, 200, True),
        (False, True, 200, True),
        (False, False, 200, False),
        (True, False, 499, True),
        (True, False, 500, False),
        (False, True, 500, False),
    ],
)
def test_f02_saved_if_modified_or_every_request_and_below_500(
    visitor, settings, modified, every_request, status, saved
):
    visitor.get("/lab/visits/")
    settings.SESSION_SAVE_EVERY_REQUEST = every_request

    def view(request):
        request.session.get("num_visits")
        request.session.modified = modified
        return HttpResponse(status=status)

    visit = visitor.get(view)
    assert ("UPDATE" in visit.verbs) is saved
    assert (visit.set_cookie != "") is saved


def test_f02_an_emptied_session_that_has_a_key_is_still_saved(visitor):
    visitor.get("/lab/visits/")
    visit = visitor.get(lambda request: request.session.clear())
    assert visit.session.is_empty() is False
    assert visitor.stored == {}


def set_then_delete(request):
    request.session["a"] = 1
    del request.session["a"]


def test_f03_set_then_delete_on_a_first_visit_leaves_nothing(visitor):
    visit = visitor.get(set_then_delete)
    assert visit.session.modified
    assert visit.session.is_empty()
    assert visit.set_cookie == ""
    assert Session.objects.count() == 0


def test_f03_on_a_later_visit_it_leaves_an_empty_row_and_sends_the_cookie_again(visitor):
    visitor.get("/lab/dict/add/")
    visitor.get("/lab/dict/delete/")
    visit = visitor.get(set_then_delete)
    assert visit.set_cookie.startswith(f"sessionid={visitor.key};")
    assert visitor.stored == {}


def test_f18_save_every_request_saves_an_untouched_session(visitor, settings):
    visitor.get("/lab/visits/")
    settings.SESSION_SAVE_EVERY_REQUEST = True
    visit = visitor.get("/lab/touch/ignore/")
    assert visit.verbs == ["SELECT", "UPDATE"]
    assert visit.set_cookie != ""


def test_f18_but_makes_none_for_a_first_visit(visitor, settings):
    settings.SESSION_SAVE_EVERY_REQUEST = True
    visit = visitor.get("/lab/touch/ignore/")
    assert (visit.sql, visit.set_cookie) == ([], "")


def test_f18_an_unknown_cookie_gets_a_new_empty_row(visitor, settings):
    settings.SESSION_SAVE_EVERY_REQUEST = True
    visitor.has_cookie("z" * 32)
    visit = visitor.get("/lab/touch/ignore/")
    assert visitor.key not in ("", "z" * 32)
    assert visit.set_cookie.startswith(f"sessionid={visitor.key};")
    assert visitor.stored == {}
    assert Session.objects.count() == 1


@pytest.mark.parametrize("view", [answer_with(500), raise_an_exception])
def test_f20_with_status_500_or_an_exception_nothing_is_saved_and_no_cookie_sent(visitor, view):
    visit = visitor.get(view)
    assert visit.status == 500
    assert visit.set_cookie == ""
    assert Session.objects.count() == 0


def test_f20_with_404_the_session_is_saved(visitor):
    def view(request):
        request.session["a"] = 1
        return HttpResponseNotFound()

    visit = visitor.get(view)
    assert visit.status == 404
    assert visit.set_cookie != ""
    assert visitor.stored == {"a": 1}


def test_f20_a_row_deleted_during_the_request_interrupts_it_with_400(visitor, caplog):
    visitor.get("/lab/visits/")

    def view(request):
        request.session["a"] = 1
        Session.objects.all().delete()  # somebody else does this

    assert visitor.get(view).status == 400
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    assert record.exc_info[0] is SessionInterrupted


def test_p1_changes_inside_a_stored_value_are_not_saved(visitor):
    visitor.get(lambda request: request.session.update({"cart": []}))
    visit = visitor.get(lambda request: request.session["cart"].append("item"))
    assert visit.session.modified is False
    assert "UPDATE" not in visit.verbs
    assert visitor.get(lambda request: request.session["cart"]).answer == []


def test_p1_unless_the_view_says_so(visitor):
    visitor.get(lambda request: request.session.update({"cart": []}))

    def view(request):
        request.session["cart"].append("item")
        request.session.modified = True

    visitor.get(view)
    assert visitor.get(lambda request: request.session["cart"]).answer == ["item"]


def test_p2_setdefault_append_saves_once(visitor):
    def view(request):
        cart = request.session.setdefault("cart", [])
        cart.append("item")
        return len(cart)

    assert visitor.get(view).answer == 1
    assert visitor.stored == {"cart": ["item"]}
    assert visitor.get(view).answer == 2  # the page says 2
    assert visitor.stored == {"cart": ["item"]}  # and it is lost


def test_p6_of_two_requests_that_both_add_1_one_is_lost(visitor):
    visitor.get(lambda request: request.session.create())
    second_tab = visitor.copy()

    def add_1(request):
        request.session["count"] = request.session.get("count", 0) + 1
        return request.session["count"]

    def add_1_slowly(request):
        count = request.session.get("count", 0)
        meanwhile = second_tab.get(add_1)
        request.session["count"] = count + 1
        return request.session["count"], meanwhile.answer

    assert visitor.get(add_1_slowly).answer == (1, 1)
    assert visitor.stored == {"count": 1}


def test_p6_of_two_requests_that_set_different_keys_only_one_is_left(visitor):
    visitor.get(lambda request: request.session.create())
    second_tab = visitor.copy()

    def set_b(request):
        request.session["b"] = 1
        second_tab.get(lambda request: request.session.update({"a": 1}))  # meanwhile

    visitor.get(set_b)
    assert visitor.stored == {"b": 1}  # the whole dict is written


def test_p6_two_browsers_do_not_disturb_each_other(visitor):
    other = Visitor()

    def view(request):
        request.session["count"] = 1
        other.get("/lab/visits/")

    visitor.get(view)
    assert visitor.stored == {"count": 1}
    assert other.stored == {"num_visits": 1}
